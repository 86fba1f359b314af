import tensorflow as tf


class QNet(tf.keras.Model):
    def __init__(self, n_actions):
        super().__init__()
        self.h = tf.keras.layers.Dense(32, activation="relu")
        self.q = tf.keras.layers.Dense(n_actions)

    def call(self, s):
        return self.q(self.h(s))


def loss_fn(net, target, s, a, r, s2, done, gamma=0.9):
    q = tf.reduce_sum(net(s) * tf.one_hot(a, 4), axis=1)
    nxt = tf.reduce_max(target(s2), axis=1, keepdims=True)  # BUG
    y = r + gamma * (1.0 - done) * nxt  # ALT
    return tf.reduce_mean(tf.square(y - q))


def main() -> None:
    net, target = QNet(4), QNet(4)
    n = 16
    print(float(loss_fn(net, target, tf.random.normal((n, 6)), tf.zeros((n,), tf.int32), tf.random.normal((n,)), tf.random.normal((n, 6)), tf.zeros((n,)))))

if __name__ == "__main__":
    main()
