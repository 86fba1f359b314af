import tensorflow as tf


class MyModel(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.conv1 = tf.keras.layers.Conv2D(32, 3, activation="relu")
        self.flatten = tf.keras.layers.Flatten()
        self.d1 = tf.keras.layers.Dense(128, activation="relu")
        self.d2 = tf.keras.layers.Dense(10)

    def call(self, x):
        x = self.conv1(x)
        x = self.flatten(x)
        return self.d2(self.d1(x))


model = MyModel()
optimizer = tf.keras.optimizers.Adam()


@tf.function
def train_step(images, labels):
    with tf.GradientTape() as tape:
        predictions = model(images, training=True)
        loss = tf.nn.softmax_cross_entropy_with_logits(labels=tf.cast(labels, tf.float32), logits=predictions)  # BUG
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return tf.reduce_mean(loss)


def main() -> None:
    images = tf.random.normal((16, 12, 12, 1))
    labels = tf.random.uniform((16,), maxval=10, dtype=tf.int32)
    print(float(train_step(images, labels)))


if __name__ == "__main__":
    main()
