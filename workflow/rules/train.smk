# Autoencoder, latents, recurrent networks, and the surrogate that they make together.


rule train_autoencoder:
    input:
        train=split_file("train"),
        validation=split_file("validation"),
        start=start,
    output:
        model="results/{experiment}/autoencoder.keras",
        history="results/{experiment}/autoencoder_history.csv",
    log:
        "results/logs/{experiment}/train_autoencoder.log",
    benchmark:
        "results/benchmarks/{experiment}/train_autoencoder.tsv"
    conda:
        "../../envs/led.yaml"
    threads: threads_of
    resources:
        **needs(minutes=240, fixed=TENSORFLOW, data=held),
        checkpoint_seconds=30,
    params:
        **job("train_autoencoder"),
    message:
        "Train the autoencoder of {wildcards.experiment}: see {log}"
    script:
        "../scripts/train_autoencoder.py"


rule encode_latents:
    input:
        model="results/{experiment}/autoencoder.keras",
        states=lambda wildcards: split_file(wildcards.split)(wildcards),
    output:
        "results/{experiment}/latents/{split}.nc",
    log:
        "results/logs/{experiment}/encode_latents_{split}.log",
    benchmark:
        "results/benchmarks/{experiment}/encode_latents_{split}.tsv"
    conda:
        "../../envs/led.yaml"
    threads: threads_of
    resources:
        **needs(minutes=20, fixed=TENSORFLOW),
    params:
        **job("encode_latents"),
    message:
        "Encode the {wildcards.split} samples of {wildcards.experiment}"
    script:
        "../scripts/encode_latents.py"


rule smooth_latents:
    input:
        "results/{experiment}/latents/{split}.nc",
    output:
        "results/{experiment}/latents/{split}_smooth.nc",
    log:
        "results/logs/{experiment}/smooth_latents_{split}.log",
    benchmark:
        "results/benchmarks/{experiment}/smooth_latents_{split}.tsv"
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(),
    params:
        **job("smooth_latents"),
    message:
        "Smooth the {wildcards.split} latents of {wildcards.experiment}"
    script:
        "../scripts/smooth_latents.py"


rule train_rnn:
    input:
        train="results/{experiment}/latents/train_smooth.nc",
        validation="results/{experiment}/latents/validation_smooth.nc",
        start=start,
    output:
        model="results/{experiment}/rnn/{member}.keras",
        history="results/{experiment}/rnn/{member}_history.csv",
    log:
        "results/logs/{experiment}/train_rnn_{member}.log",
    benchmark:
        "results/benchmarks/{experiment}/train_rnn_{member}.tsv"
    conda:
        "../../envs/led.yaml"
    threads: threads_of
    resources:
        **needs(minutes=240, fixed=TENSORFLOW),
        checkpoint_seconds=30,
    params:
        **job("train_rnn"),
    message:
        "Train network {wildcards.member} of {wildcards.experiment}: see {log}"
    script:
        "../scripts/train_rnn.py"


rule train_decoder:
    input:
        rnn=lambda wildcards: members(wildcards.experiment, ".keras"),
        train="results/{experiment}/latents/train_smooth.nc",
        validation="results/{experiment}/latents/validation_smooth.nc",
        train_states=split_file("train"),
        validation_states=split_file("validation"),
    output:
        model="results/{experiment}/decoder.keras",
        history="results/{experiment}/decoder_history.csv",
    log:
        "results/logs/{experiment}/train_decoder.log",
    benchmark:
        "results/benchmarks/{experiment}/train_decoder.tsv"
    conda:
        "../../envs/led.yaml"
    threads: threads_of
    resources:
        **needs(minutes=240, fixed=TENSORFLOW, data=held),
        checkpoint_seconds=30,
    params:
        **job("train_decoder"),
    message:
        "Train the decoder of {wildcards.experiment} on forecasts: see {log}"
    script:
        "../scripts/train_decoder.py"


rule describe_network:
    input:
        model="results/{experiment}/{network}.keras",
        history="results/{experiment}/{network}_history.csv",
        data=lambda wildcards: (
            split_file("train")(wildcards)
            if wildcards.network == "autoencoder"
            else f"results/{wildcards.experiment}/latents/train_smooth.nc"
        ),
    output:
        report(
            "results/{experiment}/{network}.md",
            caption="../report/card.rst",
            category="{experiment}",
            subcategory="Networks",
            labels={"shows": "Model card of {network} (download)"},
        ),
    log:
        "results/logs/{experiment}/describe_network_{network}.log",
    benchmark:
        "results/benchmarks/{experiment}/describe_network_{network}.tsv"
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(fixed=TENSORFLOW),
    params:
        **job("describe_network"),
    message:
        "Describe {wildcards.network} of {wildcards.experiment}"
    script:
        "../scripts/describe_network.py"


rule describe_surrogate:
    input:
        autoencoder="results/{experiment}/autoencoder.keras",
        rnn=lambda wildcards: members(wildcards.experiment, ".keras"),
        decoder=retrained(".keras"),
        train=split_file("train"),
    output:
        description="results/{experiment}/surrogate.json",
        card=report(
            "results/{experiment}/surrogate.md",
            caption="../report/surrogate.rst",
            category="{experiment}",
            subcategory="Networks",
            labels={"shows": "Surrogate card (download)"},
        ),
    log:
        "results/logs/{experiment}/describe_surrogate.log",
    benchmark:
        "results/benchmarks/{experiment}/describe_surrogate.tsv"
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(),
    params:
        **job("describe_surrogate"),
    message:
        "Describe the surrogate of {wildcards.experiment}"
    script:
        "../scripts/describe_surrogate.py"
