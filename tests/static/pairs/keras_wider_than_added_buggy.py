from tensorflow import keras
from tensorflow.keras import layers


def main() -> None:
    i = keras.Input((12, 16))
    x = layers.Bidirectional(layers.LSTM(16, return_sequences=True))(i)
    x = layers.Add()([i, x])  # BUG
    print(keras.Model(i, x).output_shape)

if __name__ == "__main__":
    main()
