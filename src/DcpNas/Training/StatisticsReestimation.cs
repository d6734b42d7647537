using DcpNas.Tasks;
using static TorchSharp.torch;

namespace DcpNas.Training;

/// <summary>Measures the running statistics of batch normalisation anew, without touching a weight.</summary>
/// <remarks>
/// While weights move, running statistics mix those of older weights, and 1-bit weights move by whole signs. Here each statistic becomes the plain mean
/// over the given images in training mode, without drop path. A batch's own statistic s is read out of the running one: from
/// <c>r = (1 - m) r0 + m s</c> with r0 = 0 and a large r0 follow m and s, whatever momentum a layer has.
/// </remarks>
public static class StatisticsReestimation
{
    // Large beside any statistic, and exact in float32.
    private const double Large = 1 << 20;
    private const string Mean = "running_mean";
    private const string Variance = "running_var";

    /// <summary>Measures.</summary>
    /// <param name="network">Its running statistics change; mode and drop path are as before afterwards.</param>
    /// <param name="batches">Images without augmentation; disposed here. None leaves everything as it is.</param>
    public static void Run(TaskNetwork network, IEnumerable<TaskBatch> batches)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(batches);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var statistics = ModuleState.Of(network).Where(pair => pair.Key.EndsWith(Mean, StringComparison.Ordinal) || pair.Key.EndsWith(Variance, StringComparison.Ordinal))
            .Select(pair => pair.Value).ToList();
        var sums = statistics.Select(statistic => zeros_like(statistic, ScalarType.Float64)).ToList();
        var before = statistics.Select(statistic => statistic.clone()).ToList();
        var (wasTraining, dropPath) = (network.training, network.Backbone.DropPath);
        network.train();
        network.Backbone.DropPath = 0;
        double images = 0;
        double[]? momenta = null;
        foreach (var batch in batches)
        {
            using var taken = batch;
            using var inner = NewDisposeScope();
            momenta ??= Momenta(network, statistics, batch);
            Measure(network, statistics, batch, 0);
            foreach (var i in Enumerable.Range(0, statistics.Count).Where(i => momenta[i] > 0))
            {
                sums[i].add_(statistics[i].to(ScalarType.Float64), alpha: batch.Count / momenta[i]);
            }

            images += batch.Count;
        }

        for (var i = 0; i < statistics.Count; i++)
        {
            statistics[i].copy_(momenta is null || momenta[i] <= 0 ? before[i] : sums[i] / images);
        }

        network.Backbone.DropPath = dropPath;
        network.train(wasTraining);
    }

    private static double[] Momenta(TaskNetwork network, List<Tensor> statistics, TaskBatch batch)
    {
        Measure(network, statistics, batch, 0);
        var low = statistics.Select(statistic => statistic.mean().ToDouble()).ToList();
        Measure(network, statistics, batch, Large);
        // Rounded to what anybody would set a momentum to; 0 is a layer that did not run.
        return [.. statistics.Select((statistic, i) => Math.Round(1 - ((statistic.mean().ToDouble() - low[i]) / Large), 4))];
    }

    private static void Measure(TaskNetwork network, List<Tensor> statistics, TaskBatch batch, double start)
    {
        using var scope = NewDisposeScope();
        statistics.ForEach(statistic => statistic.fill_(start));
        network.Run(batch.Images);
    }
}
