using DcpNas.Networks;
using DcpNas.Runs;
using DcpNas.Tasks;
using static TorchSharp.torch;

namespace DcpNas.Training;

/// <summary>Takes weights from one network into another.</summary>
public static class WeightTransfer
{
    private const string Scale = "rho";

    /// <summary>Step 1 to step 2: every parameter and statistic; the learnable scales start at the mean of |w|.</summary>
    /// <param name="path">The checkpoint of step 1.</param>
    /// <param name="target">The network of step 2.</param>
    /// <exception cref="InputException">The checkpoint is that of another network.</exception>
    public static void HandOver(string path, TaskNetwork target)
    {
        ArgumentNullException.ThrowIfNull(target);
        using var checkpoint = Checkpoint.Load(path);
        Copy(checkpoint, path, target, _ => true);
        target.OnWeightsInherited();
    }

    /// <summary>Starts from the backbone of another training, whose classes and image size may differ; the head stays fresh.</summary>
    /// <param name="path">A run or checkpoint.</param>
    /// <param name="target">The network.</param>
    /// <exception cref="InputException">The backbones differ; every difference is named.</exception>
    public static void FromBackbone(string path, TaskNetwork target)
    {
        ArgumentNullException.ThrowIfNull(target);
        using var source = TrainedModel.Load(path);
        var differences = Differences(source.Info.Network, target.Backbone.Description);
        if (differences.Count > 0)
        {
            throw new InputException($"{source.Path}: its backbone does not fit:{string.Concat(differences.Select(one => $"\n  - {one}"))}\nUse the same values, or start without --backbone.");
        }

        using var checkpoint = Checkpoint.Load(source.Path);
        var hasScales = checkpoint.Tensors.Keys.Any(IsScale);
        Copy(checkpoint, source.Path, target, name => name.StartsWith("backbone.", StringComparison.Ordinal));
        if (!hasScales)
        {
            target.Backbone.OnWeightsInherited();
        }
    }

    private static List<string> Differences(NetworkDescription there, NetworkDescription here)
    {
        List<string> differences = [];
        Compare("architecture", there.Architecture, here.Architecture);
        Compare("genotype", there.Genotype?.ToString() ?? "none", here.Genotype?.ToString() ?? "none");
        Compare("channels", there.Channels, here.Channels);
        if (here.Architecture == NetworkNames.Cells)
        {
            Compare("cells", there.Cells, here.Cells);
            Compare("stem_multiplier", there.StemMultiplier, here.StemMultiplier);
        }

        Compare("stem", there.Stem, here.Stem);
        Compare("image channels", there.ImageChannels, here.ImageChannels);
        return differences;

        void Compare<T>(string name, T before, T now)
        {
            if (!EqualityComparer<T>.Default.Equals(before, now))
            {
                differences.Add(FormattableString.Invariant($"{name}: {before} there, {now} here"));
            }
        }
    }

    private static void Copy(Checkpoint checkpoint, string path, TaskNetwork target, Func<string, bool> takes)
    {
        using var _ = no_grad();
        foreach (var (name, value) in ModuleState.Of(target).Where(pair => takes(pair.Key)))
        {
            if (!checkpoint.Tensors.TryGetValue($"{TrainedModel.Prefix}.{name}", out var source))
            {
                // Real weights have no learnable scale: the target derives its own.
                if (IsScale(name))
                {
                    continue;
                }

                throw InputException.InFile(path, $"tensor '{TrainedModel.Prefix}.{name}'", "a tensor", "none", "Use a checkpoint of the same network.");
            }

            if (!source.shape.AsSpan().SequenceEqual(value.shape))
            {
                throw InputException.InFile(path, $"tensor '{TrainedModel.Prefix}.{name}'", $"[{string.Join(", ", value.shape)}]", $"[{string.Join(", ", source.shape)}]", "Use a checkpoint of the same network.");
            }

            value.copy_(source);
        }
    }

    private static bool IsScale(string name) => name.EndsWith("." + Scale, StringComparison.Ordinal);
}
