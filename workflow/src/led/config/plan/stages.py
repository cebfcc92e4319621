"""What each job depends on besides its input files: settings and source files.

The modules of this package have pure functions of the completed configuration and the wildcards of
a job, one for each rule and of its name. They return a `Stage`; Snakemake runs a job again when it
changes.
"""

from led.config.plan import evaluation, forecasts, samples, training

MODULES = samples, training, forecasts, evaluation


def of(rule, config, wildcards):
    """Return the `led.config.stage.Stage` of a job.

    Parameters
    ----------
    rule : str
        Its name.
    config : dict
        The completed configuration.
    wildcards : object
        Those of the job, as attributes.
    """
    module = next(module for module in MODULES if hasattr(module, rule))
    return getattr(module, rule)(config, wildcards)
