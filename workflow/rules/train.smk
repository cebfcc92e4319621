# Autoencoder, latents, recurrent networks.


rule train_autoencoder:
    input:
        train=split_file("train"),
        validation=split_file("validation"),
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
        code=lambda wildcards: code(
            "train_autoencoder.py",
            f"autoencoders/{experiment_of(wildcards)['autoencoder']['name']}.py",
            *symmetry_sources(wildcards),
        ),
        settings=autoencoder_settings,
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
        code=lambda wildcards: code(
            "encode_latents.py",
            *(symmetry_sources(wildcards) if wildcards.split == "train" else []),
        ),
        settings=lambda wildcards: settings(
            system=symmetric_system(wildcards) if wildcards.split == "train" else None,
            train_samples=(
                experiment_of(wildcards)["train_samples"] if wildcards.split == "train" else None
            ),
            threads=threads_of(wildcards),
        ),
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
        code=code("smooth_latents.py"),
        settings=lambda wildcards: settings(
            smoothing=experiment_of(wildcards)["smoothing"],
            warmup=experiment_of(wildcards)["warmup"],
        ),
    message:
        "Smooth the {wildcards.split} latents of {wildcards.experiment}"
    script:
        "../scripts/smooth_latents.py"


rule train_rnn:
    input:
        train="results/{experiment}/latents/train_smooth.nc",
        validation="results/{experiment}/latents/validation_smooth.nc",
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
        code=lambda wildcards: code(
            "train_rnn.py", f"dynamics/{experiment_of(wildcards)['rnn']['name']}.py"
        ),
        settings=lambda wildcards: rnn_settings(wildcards, wildcards.member),
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
        **needs(minutes=240, fixed=TENSORFLOW),
        checkpoint_seconds=30,
    params:
        code=lambda wildcards: code(
            "train_decoder.py",
            f"dynamics/{experiment_of(wildcards)['rnn']['name']}.py",
            f"autoencoders/{experiment_of(wildcards)['autoencoder']['name']}.py",
            *symmetry_sources(wildcards),
        ),
        settings=lambda wildcards: settings(
            autoencoder=experiment_of(wildcards)["autoencoder"],
            decoder=experiment_of(wildcards)["decoder"],
            memory=experiment_of(wildcards)["memory"],
            rnn=network(wildcards),
            system=symmetric_system(wildcards),
            train_samples=experiment_of(wildcards)["train_samples"],
            warmup=experiment_of(wildcards)["warmup"],
            seed=experiment_of(wildcards)["seed"],
            threads=threads_of(wildcards),
        ),
    message:
        "Train the decoder of {wildcards.experiment} on forecasts: see {log}"
    script:
        "../scripts/train_decoder.py"


rule train_joint:
    input:
        autoencoder="results/{experiment}/autoencoder.keras",
        decoder=if_trained("decoder", ".keras"),
        rnn=lambda wildcards: members(wildcards.experiment, ".keras"),
        train="results/{experiment}/latents/train_smooth.nc",
        validation="results/{experiment}/latents/validation_smooth.nc",
        train_states=split_file("train"),
        validation_states=split_file("validation"),
    output:
        model="results/{experiment}/joint.keras",
        history="results/{experiment}/joint_history.csv",
    log:
        "results/logs/{experiment}/train_joint.log",
    benchmark:
        "results/benchmarks/{experiment}/train_joint.tsv"
    conda:
        "../../envs/led.yaml"
    threads: threads_of
    resources:
        **needs(minutes=240, fixed=TENSORFLOW),
        checkpoint_seconds=30,
    params:
        code=lambda wildcards: code(
            "train_joint.py",
            f"dynamics/{experiment_of(wildcards)['rnn']['name']}.py",
            *symmetry_sources(wildcards),
        ),
        settings=lambda wildcards: settings(
            joint=experiment_of(wildcards)["joint"],
            memory=experiment_of(wildcards)["memory"],
            rnn=network(wildcards),
            system=symmetric_system(wildcards),
            train_samples=experiment_of(wildcards)["train_samples"],
            warmup=experiment_of(wildcards)["warmup"],
            seed=experiment_of(wildcards)["seed"],
            threads=threads_of(wildcards),
        ),
    message:
        "Train decoder and networks of {wildcards.experiment} together: see {log}"
    script:
        "../scripts/train_joint.py"


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
        code=lambda wildcards: code("describe_network.py", *network_sources(wildcards)),
        settings=lambda wildcards: (
            autoencoder_settings(wildcards)
            if wildcards.network == "autoencoder"
            else rnn_settings(wildcards, wildcards.network.removeprefix("rnn/"))
        ),
    message:
        "Describe {wildcards.network} of {wildcards.experiment}"
    script:
        "../scripts/describe_network.py"
