# Samples of a system, batch by batch, then merged: one file a split.


rule simulate_batch:
    output:
        "results/datasets/{dataset}/batches/{split}/{batch}.nc",
    log:
        "results/logs/datasets/{dataset}/simulate_batch_{split}_{batch}.log",
    benchmark:
        "results/benchmarks/datasets/{dataset}/simulate_batch_{split}_{batch}.tsv"
    conda:
        "../../envs/led.yaml"
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
    conda:
        "../../envs/led.yaml"
    params:
        code=code("merge_batches.py"),
    message:
        "Merge the {wildcards.split} samples of {wildcards.dataset}"
    script:
        "../scripts/merge_batches.py"
