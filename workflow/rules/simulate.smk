# Samples: of a system, batch by batch, then merged; or of files from elsewhere. One file a split.


rule simulate_batch:
    output:
        "results/datasets/{dataset}/batches/{split}/{batch}.nc",
    log:
        "results/logs/datasets/{dataset}/simulate_batch_{split}_{batch}.log",
    benchmark:
        "results/benchmarks/datasets/{dataset}/simulate_batch_{split}_{batch}.tsv"
    wildcard_constraints:
        dataset=datasets_from("simulation"),
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(data=simulated),
    params:
        code=simulation_code("simulate_batch.py"),
        settings=simulation,
    message:
        "Simulate batch {wildcards.batch} of the {wildcards.split} samples of {wildcards.dataset}"
    script:
        "../scripts/simulate_batch.py"


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
        dataset=datasets_from("simulation"),
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(minutes=30),
    params:
        code=code("merge_batches.py"),
    message:
        "Merge the {wildcards.split} samples of {wildcards.dataset}"
    script:
        "../scripts/merge_batches.py"


rule import_samples:
    input:
        file=lambda wildcards: dataset_of(wildcards)[wildcards.split],
        reference=lambda wildcards: dataset_of(wildcards)["train"],
    output:
        "results/datasets/{dataset}/{split}.nc",
    log:
        "results/logs/datasets/{dataset}/import_samples_{split}.log",
    benchmark:
        "results/benchmarks/datasets/{dataset}/import_samples_{split}.tsv"
    wildcard_constraints:
        dataset=datasets_from("netcdf", "npz"),
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(minutes=30),
    params:
        code=code("import_samples.py"),
        settings=lambda wildcards: settings(
            **{k: v for k, v in dataset_of(wildcards).items() if k in ("source", "dt")}
        ),
    message:
        "Import the {wildcards.split} samples of {wildcards.dataset}"
    script:
        "../scripts/import_samples.py"
