# Samples: of a system or a command, batch by batch, then merged; or of files from elsewhere. One file
# a split.


rule simulate_batch:
    output:
        "results/datasets/{dataset}/batches/{split}/{batch}.nc",
    log:
        "results/logs/datasets/{dataset}/simulate_batch_{split}_{batch}.log",
    benchmark:
        "results/benchmarks/datasets/{dataset}/simulate_batch_{split}_{batch}.tsv"
    wildcard_constraints:
        dataset=any_of(chosen.datasets_from(config, "simulation")),
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(data=simulated),
    params:
        **job("simulate_batch"),
    message:
        "Simulate batch {wildcards.batch} of the {wildcards.split} samples of {wildcards.dataset}"
    script:
        "../scripts/simulate_batch.py"


rule run_command:
    output:
        "results/datasets/{dataset}/batches/{split}/{batch}.nc",
    log:
        "results/logs/datasets/{dataset}/run_command_{split}_{batch}.log",
    benchmark:
        "results/benchmarks/datasets/{dataset}/run_command_{split}_{batch}.tsv"
    wildcard_constraints:
        dataset=any_of(chosen.datasets_from(config, "command")),
    conda:
        "../../envs/led.yaml"
    threads: lambda wildcards: chosen.dataset_of(config, wildcards)["resources"]["threads"]
    resources:
        mem_mb=asked("mem_mb"),
        runtime=asked("runtime"),
    params:
        **job("run_command"),
    message:
        "Run the command for batch {wildcards.batch} of the {wildcards.split} samples of {wildcards.dataset}: see {log}"
    script:
        "../scripts/run_command.py"


rule merge_batches:
    input:
        batches,
    output:
        "results/datasets/{dataset}/{split}.nc",
    log:
        "results/logs/datasets/{dataset}/merge_batches_{split}.log",
    benchmark:
        "results/benchmarks/datasets/{dataset}/merge_batches_{split}.tsv"
    wildcard_constraints:
        dataset=any_of(chosen.datasets_from(config, "simulation", "command")),
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(minutes=30),
    params:
        **job("merge_batches"),
    message:
        "Merge the {wildcards.split} samples of {wildcards.dataset}"
    script:
        "../scripts/merge_batches.py"


rule refine_samples:
    input:
        "results/datasets/{dataset}/{split}.nc",
    output:
        "results/datasets/{dataset}/{split}_refined.nc",
    log:
        "results/logs/datasets/{dataset}/refine_samples_{split}.log",
    benchmark:
        "results/benchmarks/datasets/{dataset}/refine_samples_{split}.tsv"
    wildcard_constraints:
        dataset=any_of(chosen.datasets_from(config, "simulation")),
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(minutes=60),
    params:
        **job("refine_samples"),
    message:
        "Simulate the {wildcards.split} samples of {wildcards.dataset} with half the time step"
    script:
        "../scripts/refine_samples.py"


# Its files are parameters: of inputs, Snakemake would compare paths and times, not the content.
rule import_samples:
    output:
        "results/datasets/{dataset}/{split}.nc",
    log:
        "results/logs/datasets/{dataset}/import_samples_{split}.log",
    benchmark:
        "results/benchmarks/datasets/{dataset}/import_samples_{split}.tsv"
    wildcard_constraints:
        dataset=any_of(chosen.datasets_from(config, "files")),
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(minutes=30),
    params:
        **job("import_samples"),
        files=data_files(lambda wildcards: wildcards.split),
        references=data_files(lambda wildcards: "train"),
    message:
        "Import the {wildcards.split} samples of {wildcards.dataset}"
    script:
        "../scripts/import_samples.py"
