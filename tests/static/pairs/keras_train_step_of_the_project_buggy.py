import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


class Sampling(layers.Layer):
    def call(self, inputs):
        z_mean, z_log_var = inputs
        eps = tf.random.normal(tf.shape(z_mean))
        return z_mean + tf.exp(0.5 * z_log_var) * eps


class VAE(keras.Model):
    def __init__(self, latent=2):
        super().__init__()
        self.enc = keras.Sequential(
            [layers.Conv2D(8, 3, strides=2, padding="same", activation="relu"), layers.Flatten()]
        )
        self.mean = layers.Dense(latent)
        self.logvar = layers.Dense(latent)
        self.sample = Sampling()
        self.dec = keras.Sequential(
            [
                layers.Dense(14 * 14 * 8, activation="relu"),
                layers.Reshape((14, 14, 8)),
                layers.Conv2DTranspose(1, 3, strides=1, padding="same", activation="sigmoid"),  # BUG
            ]
        )

    def train_step(self, data):
        with tf.GradientTape() as tape:
            h = self.enc(data)
            m, v = self.mean(h), self.logvar(h)
            recon = self.dec(self.sample([m, v]))
            loss = tf.reduce_mean(tf.reduce_sum(keras.losses.binary_crossentropy(data, recon), axis=(1, 2)))  # ALT
        grads = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(zip(grads, self.trainable_weights))
        return {"loss": loss}


def main() -> None:
    vae = VAE()
    vae.compile(optimizer="adam")
    print(len(vae.dec.layers))
    vae.fit(np.random.rand(16, 28, 28, 1).astype("float32"), epochs=1, batch_size=8, verbose=0)


if __name__ == "__main__":
    main()
