"""A character-level translator: an encoder's states start the decoder, which is used again for inference."""

import keras
import numpy as np

num_encoder_tokens = 30
num_decoder_tokens = 40
latent_dim = 16


def main() -> None:
    encoder_inputs = keras.Input(shape=(None, num_encoder_tokens))
    encoder = keras.layers.LSTM(latent_dim, return_state=True)
    encoder_outputs, state_h, state_c = encoder(encoder_inputs)
    encoder_states = [state_h, state_c]

    decoder_inputs = keras.Input(shape=(None, num_decoder_tokens))
    decoder_lstm = keras.layers.LSTM(latent_dim, return_sequences=True, return_state=True)
    decoder_outputs, _, _ = decoder_lstm(decoder_inputs, initial_state=encoder_states)
    decoder_dense = keras.layers.Dense(num_decoder_tokens, activation="softmax")
    decoder_outputs = decoder_dense(decoder_outputs)
    model = keras.Model([encoder_inputs, decoder_inputs], decoder_outputs)
    x, y = np.zeros((2, 7, num_encoder_tokens)), np.zeros((2, 9, num_decoder_tokens))
    print(model([x, y]).shape)

    encoder_model = keras.Model(encoder_inputs, encoder_states)
    state_input_h = keras.Input(shape=(latent_dim,))
    state_input_c = keras.Input(shape=(latent_dim,))
    decoder_states_inputs = [state_input_h, state_input_c]
    decoder_outputs, state_h, state_c = decoder_lstm(decoder_inputs, initial_state=decoder_states_inputs)
    decoder_outputs = decoder_dense(decoder_outputs)
    decoder_model = keras.Model([decoder_inputs] + decoder_states_inputs, [decoder_outputs, state_h, state_c])
    states_value = encoder_model.predict(x, verbose=0)
    target = np.zeros((2, 1, num_decoder_tokens))
    output_tokens, h, c = decoder_model.predict([target] + states_value, verbose=0)
    print(output_tokens.shape, h.shape, c.shape)
