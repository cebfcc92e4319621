# Learn the effective dynamics of a simulator: config.yaml says of which, README.md how.
from snakemake.utils import min_version

min_version("9.11")  # the first with the rerun triggers of profiles/default


configfile: "config.yaml"


include: "workflow/rules/common.smk"
include: "workflow/rules/simulate.smk"
include: "workflow/rules/train.smk"
include: "workflow/rules/evaluate.smk"
include: "workflow/rules/figures.smk"


rule all:
    default_target: True
    input:
        expand("results/{experiment}/led_errors.csv", experiment=default_experiments()),
        [figures(name) for name in default_experiments()],
