using System.Text.Json.Nodes;
using DcpNas.Runs;

namespace DcpNas.Tests.Runs;

/// <summary>Writes what a search would write, with curves of a plausible form; the numbers mean nothing.</summary>
internal static class SyntheticRun
{
    private static readonly double[][] Favours = [.. Enumerable.Range(0, 28).Select(edge =>
        Enumerable.Range(0, 8).Select(operation => Math.Sin((edge * 7.3) + (operation * 2.1)) * (operation == 0 ? 0.4 : 1)).ToArray())];

    public static JsonObject Options { get; } = new()
    {
        ["strategy"] = "dcp-nas",
        ["dataset"] = "cifar10",
        ["dataset_name"] = "CIFAR-10, half of the training images",
        ["scheme"] = "paper",
        ["seed"] = 3,
        ["epochs"] = 50,
        ["search"] = new JsonObject { ["cells"] = 8, ["channels"] = 16, ["lambda"] = 0.005, ["mu"] = 0.2, ["curvature"] = "ggn", ["distance"] = "frobenius" },
        ["batch_size"] = 64,
        ["device"] = "cpu",
    };

    public static void Write(RunLog log, int epochs, int stepsPerEpoch = 8, int planned = 50)
    {
        var random = new Random(1);
        long step = 0;
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            var progress = epoch / (double)planned;
            var round = epoch < planned * 3 / 10 ? 0 : (epoch - (planned * 3 / 10)) / 7;
            var phase = epoch < planned * 3 / 10 ? "warmup" : (epoch - (planned * 3 / 10)) % 7 < 3 ? "parent" : "child";
            var isChild = phase == "child";
            for (var index = 0; index < stepsPerEpoch; index++, step++)
            {
                var name = $"{(isChild ? "child" : "parent")}_{(index % 2 == 0 || phase == "warmup" ? "weights" : "alpha")}";
                log.Append(MetricRecord.OfStep(step, epoch, round, name, ((isChild ? 1.2 : 0.5) + (1.8 * Math.Exp(-4 * progress))) * (0.9 + (0.2 * random.NextDouble())), 2.5));
            }

            WriteEpoch(log, random, epoch, round, phase, progress);
            foreach (var network in phase == "warmup" ? (string[])[] : ["parent", "child"])
            {
                WriteAlpha(log, epoch, network, Math.Max(0, progress - 0.3) * (network == "parent" ? 3.2 : 2.6));
            }

            if (epoch == 26)
            {
                log.Append(MetricRecord.OfEvent(epoch, true, "collapse", "The skip share of the normal cell rose above 0.5; alpha was rolled back to epoch 24."));
                log.Append(MetricRecord.OfEvent(epoch, false, "rollback", "alpha and psi of epoch 24 restored."));
            }
        }
    }

    private static void WriteEpoch(RunLog log, Random random, int epoch, int round, string phase, double progress)
    {
        var isChild = phase == "child";
        double noise() => 0.01 * (random.NextDouble() - 0.5);
        var train = (isChild ? 0.62 : 0.86) * (1 - Math.Exp(-5 * (progress + 0.03)));
        var record = MetricRecord.OfEpoch(epoch, round, phase).Set("network", isChild ? "child" : "parent")
            .Set("supernet_train_top1", train + noise()).Set("supernet_valid_top1", (train * 0.95) + (3 * noise()))
            .Set("alpha_entropy_normal", 2.079 - (0.7 * progress * progress)).Set("alpha_entropy_reduction", 2.079 - (0.4 * progress * progress))
            .Set("skip_share", 0.1 + (0.3 * progress) + noise()).Set("pool_share", 0.25 - (0.1 * progress) + noise()).Set("none_share", 0.05 + noise())
            .Set("expected_ops", 52e6 - (9e6 * progress)).Set("expected_memory_mbit", 3.1 - (0.4 * progress))
            .Set("seconds", (isChild ? 412 : 268) + (100 * noise())).Set("images_per_second", (isChild ? 61 : 93) + (100 * noise()))
            .Set("peak_memory_mb", isChild ? 7480 : 6210).Set("data_wait_seconds", 3.1 + (10 * noise()));
        record.Set(isChild ? "child_loss" : "parent_loss", (isChild ? 1.2 : 0.5) + (1.8 * Math.Exp(-4 * progress)) + noise());
        if (isChild)
        {
            record.Set("reconstruction", 5200 * Math.Exp(-2.2 * progress)).Set("discrepancy", 0.8 * Math.Exp(-12 * (progress - 0.3)) * (1 + (20 * noise())))
                .Set("gradient_cosine", Math.Min(0.98, 0.15 + (1.1 * progress) + (4 * noise())));
        }

        log.Append(record);
    }

    private static void WriteAlpha(RunLog log, int epoch, string network, double strength)
    {
        for (var cell = 0; cell < 2; cell++)
        {
            var rows = Favours.Skip(14 * cell).Take(14).Select(favours =>
            {
                var powers = favours.Select(favour => Math.Exp(strength * favour)).ToArray();
                return powers.Select(power => power / powers.Sum());
            });
            log.Append(MetricRecord.OfAlpha(epoch, network, cell == 0 ? "normal" : "reduction", rows));
        }
    }

    public static void Finish(RunFolder run, RunLog log)
    {
        log.Append(MetricRecord.OfEvent(49, false, "budget", "4.2 h of the allowed 6 h were used; the expected memory of 2.7 Mbit keeps the limit of 3 Mbit."));
        log.Append(MetricRecord.OfEvent(49, false, "finished", "50 epochs done; genotype written."));
        JsonObject cell(int seed) => new()
        {
            ["nodes"] = new JsonArray([.. Enumerable.Range(0, 4).Select(node => (JsonNode)new JsonObject
            {
                ["edges"] = new JsonArray(
                    new JsonObject { ["operation"] = "sep_conv_3x3", ["input"] = (node + seed) % (node + 2) },
                    new JsonObject { ["operation"] = node % 2 == 0 ? "max_pool_3x3" : "dil_conv_5x5", ["input"] = (node + seed + 1) % (node + 2) }),
            })]),
        };
        run.WriteText("genotype.json", new JsonObject { ["format"] = "dcpnas-genotype-1", ["normal"] = cell(0), ["reduction"] = cell(1) }.ToJsonString());
        run.WriteText("cost.json", """
            {"rows":[
              {"name":"OPs (FLOPs + BOPs/64)","value":48210432,"unit":"","note":"scheme paper"},
              {"name":"BOPs","value":1540000000,"unit":"","note":"1-bit multiply-accumulates of the cells"},
              {"name":"FLOPs","value":24150000,"unit":"","note":"stem, classifier, normalisation, scales"},
              {"name":"memory, binary share","value":2.31,"unit":"Mbit","note":"1 bit per weight"},
              {"name":"memory, real share","value":0.74,"unit":"Mbit","note":"32 bit per parameter"}]}
            """);
        foreach (var (file, colour) in ((string, string)[])[("normal.svg", "#2563eb"), ("reduction.svg", "#9333ea")])
        {
            run.WriteText(file, $"""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1100 200"><rect x="10" y="60" width="80" height="60" rx="8" fill="{colour}"/>
                <path d="M90 90H990" stroke="#767676" stroke-width="2"/><rect x="990" y="60" width="80" height="60" rx="8" fill="{colour}"/></svg>
                """);
        }
    }
}
