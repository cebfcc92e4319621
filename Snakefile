# Learn the effective dynamics of a simulator: config.yaml names it, README.md explains how.
from snakemake.utils import min_version

min_version("9.11")  # the first with the rerun triggers of profiles/default


include: "workflow/rules/configuration.smk"


configfile: str(CONFIGURATION)


report: "workflow/report/workflow.rst"


include: "workflow/rules/common.smk"
include: "workflow/rules/paths.smk"
include: "workflow/rules/resources.smk"
include: "workflow/rules/simulate.smk"
include: "workflow/rules/train.smk"
include: "workflow/rules/evaluate.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/studies.smk"
include: "workflow/rules/benchmark.smk"


rule all:
    default_target: True
    input:
        expand("results/{name}/report.html", name=chosen.in_all(config, "experiments")),
        expand(
            "results/{study}/errors.{suffix}",
            study=chosen.in_all(config, "studies"),
            suffix=["csv", "png"],
        ),
