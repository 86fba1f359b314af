"""Forecasts: windows of several series, one step or many ahead."""

import keras
import numpy as np
from keras import layers


class Baseline(keras.Model):
    def __init__(self, label_index=None):
        super().__init__()
        self.label_index = label_index

    def call(self, inputs):
        if self.label_index is None:
            return inputs
        result = inputs[:, :, self.label_index]
        return result[:, :, np.newaxis]


class FeedBack(keras.Model):
    def __init__(self, units, out_steps, features):
        super().__init__()
        self.out_steps = out_steps
        self.lstm_cell = layers.LSTMCell(units)
        self.lstm_rnn = layers.RNN(self.lstm_cell, return_state=True)
        self.dense = layers.Dense(features)

    def warmup(self, inputs):
        x, *state = self.lstm_rnn(inputs)
        return self.dense(x), state

    def call(self, inputs, training=None):
        predictions = []
        prediction, state = self.warmup(inputs)
        predictions.append(prediction)
        for _ in range(1, self.out_steps):
            x, state = self.lstm_cell(prediction, states=state, training=training)
            prediction = self.dense(x)
            predictions.append(prediction)
        stacked = keras.ops.stack(predictions)
        return keras.ops.transpose(stacked, [1, 0, 2])


def main() -> None:
    windows = np.random.rand(4, 24, 19).astype("float32")
    print(Baseline(1)(windows).shape)
    print(FeedBack(32, 6, 19)(windows).shape)
    dense = keras.Sequential(
        [layers.Lambda(lambda x: x[:, -1:, :]), layers.Dense(6 * 19), layers.Reshape([6, 19])]
    )
    print(dense(windows).shape)
