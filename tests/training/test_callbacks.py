"""What happens at the end of each epoch."""

import keras

from led.training.callbacks import Plateau


def rates(losses):
    """Return the learning rates after epochs of these validation losses."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(1.0))
    plateau = Plateau(2, lowest=0.0)
    plateau.set_model(model)
    found = []
    for epoch, loss in enumerate(losses):
        plateau.on_epoch_end(epoch, {"val_loss": loss})
        found.append(float(model.optimizer.learning_rate))
    return found


def test_a_loss_that_falls_is_no_plateau_however_small_it_is():
    """Keras calls a fall of less than 1e-4 none, for a loss of any size."""
    assert rates([1e-5, 9e-6, 8e-6, 7e-6, 6e-6]) == [1, 1, 1, 1, 1]
    assert rates([1e-5, 9e-6, 9e-6, 9e-6, 9e-6, 9e-6]) == [1, 1, 1, 0.5, 0.5, 0.25]
