"""What an autoencoder has to offer: a Keras model of an encoder and a decoder."""

from abc import ABC, abstractmethod

import keras
from keras import ops

from led.data.networks import Blank


class Autoencoder(ABC):
    """State <-> latent state.

    Attributes
    ----------
    encoder_stride : int
        The encoder sees every n-th point of each side of the grid; the decoder returns all of them.
    """

    encoder_stride = 1

    def suited(self, states):
        """Return the autoencoder with the options that follow from the samples.

        Parameters
        ----------
        states : xarray.DataArray
            ``state`` of the training split, (sample, time, *grid, component).
        """
        return self

    @abstractmethod
    def objective(self, train, validation, maps=(), memory=None, seed=0, inputs=None):
        """Return what the training of a new model fits.

        Parameters
        ----------
        train, validation : xarray.DataArray
            ``state`` of the splits, with the dimensions (sample, time, *grid, component); may be
            files that are not read yet.
        maps : sequence of callable
            Symmetries by which the training data are augmented: see `led.systems.symmetries.group`.
        memory : float, optional
            Megabytes of states that the training may hold: see `led.data.blocks`.
        seed : int
            Of the choice and the order of the training data.
        inputs : tuple of (ndarray, ndarray), optional
            Of both splits, each (sample, time, input): a decoder may use them.

        Returns
        -------
        led.training.loop.Objective
            Its model is trained already where nothing is learned by descent.
        """

    @abstractmethod
    def encoder(self, state):
        """Return the latent tensor of the standardised symbolic tensor `state`."""

    @abstractmethod
    def decoder(self, latent, shape):
        """Return the standardised state of shape `shape` of the symbolic tensor `latent`.

        Behind the latents the tensor has the standardised inputs, if there are any.
        """

    def build(self, shape, scaling, dtype="float32", input_scaling=None):
        """Return the model; its layers ``encoder`` and ``decoder`` are models of their own.

        Parameters
        ----------
        shape : tuple of int
            ``(*grid, component)``.
        scaling : led.data.scaling.Scaling
        dtype : str
            Of the states; what is standardised is float32.
        input_scaling : led.data.scaling.Scaling, optional
            Of the inputs that the decoder uses.

        Returns
        -------
        keras.Model
            State, or state and inputs, to reconstructed state, in physical units.
        """
        state = keras.Input(shape, dtype=dtype)
        seen = ops.cast(scaling.layer(dtype=dtype)(state), "float32")
        if self.encoder_stride > 1:
            thinned = (slice(None, None, self.encoder_stride),) * (len(shape) - 1)
            seen = seen[(slice(None), *thinned)]
        encoder = keras.Model(state, self.encoder(seen), name="encoder")
        options = {"dtype": dtype, "input_scaling": input_scaling}
        decoder = self.build_decoder(encoder.output.shape[-1], shape, scaling, **options)
        driving = [keras.Input(entry.shape[1:]) for entry in decoder.inputs[1:]]
        given = [state, *driving] if driving else state
        decoded = decoder([encoder(state), *driving] if driving else encoder(state))
        return keras.Model(given, decoded, name="autoencoder")

    def build_decoder(
        self, size, shape, scaling, latent_scaling=None, dtype="float32", input_scaling=None
    ):
        """Return a decoder alone.

        Parameters
        ----------
        size : int
            Number of latents.
        shape, scaling, dtype, input_scaling
            As in `build`.
        latent_scaling : led.data.scaling.Scaling, optional
            The latents are standardised first: then a high learning rate works.

        Returns
        -------
        keras.Model
            Latents, or latents and inputs, to state, in physical units.
        """
        given = latent = keras.Input((size,))
        seen = latent_scaling.layer()(latent) if latent_scaling else latent
        if input_scaling:
            given = [latent, keras.Input((len(input_scaling.mean),))]
            seen = ops.concatenate([seen, input_scaling.layer()(given[1])], axis=-1)
        state = scaling.layer(invert=True, dtype=dtype)(self.decoder(seen, shape))
        if scaling.missing is not None:
            state = Blank(scaling.missing, dtype=dtype)(state)
        return keras.Model(given, state, name="decoder")
