from keras.datasets import cifar10 as cifar10, cifar100 as cifar100, fashion_mnist as fashion_mnist, mnist as mnist
