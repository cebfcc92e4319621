"""Plot how the error of each solver falls with the time step."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

import pandas as pd

from led.figures import style
from led.figures.convergence import convergence

style.save(convergence(pd.read_csv(snakemake.input[0])), snakemake.output[0])
