using DcpNas.Cost;
using DcpNas.Networks;
using DcpNas.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Tests.Networks;

/// <summary>Small networks of every kind.</summary>
internal static class Examples
{
    /// <summary>Every operation at both strides, so that no layer escapes.</summary>
    public static Genotype Genotype { get; } = Genotype.Parse(
        "normal: n2[sep3<-0, max<-1] n3[skip<-0, dil5<-2] n4[avg<-1, sep5<-3] n5[dil3<-0, skip<-4]"
        + " | reduction: n2[skip<-0, sep5<-1] n3[max<-0, dil3<-1] n4[avg<-0, skip<-2] n5[sep3<-0, dil5<-1]");

    public static NetworkDescription Of(string architecture, StemKind stem = StemKind.Cifar) => new()
    {
        Architecture = architecture,
        Genotype = architecture == NetworkNames.Cells ? Genotype : null,
        Channels = architecture == NetworkNames.Cells ? 6 : 4,
        Cells = 4,
        StemMultiplier = 2,
        Stem = stem,
        ImageHeight = stem == StemKind.Cifar ? 16 : 64,
        ImageWidth = stem == StemKind.Cifar ? 16 : 64,
    };

    /// <summary>A network whose parameters and statistics are all away from their first values.</summary>
    public static Backbone Build(NetworkDescription description, ScalarType type, int seed = 5)
    {
        var before = get_default_dtype();
        set_default_dtype(type);
        try
        {
            random.manual_seed(seed);
            var network = NetworkCatalog.Create(description);
            using var _ = no_grad();
            foreach (var (name, parameter) in network.named_parameters())
            {
                if (parameter.dim() == 1)
                {
                    parameter.add_(randn_like(parameter) * 0.1);
                }
            }

            foreach (var (name, buffer) in network.named_buffers())
            {
                buffer.add_(rand_like(buffer) * 0.3);
            }

            return network;
        }
        finally
        {
            set_default_dtype(before);
        }
    }

    public static Tensor Images(NetworkDescription description, int count, ScalarType type = ScalarType.Float32)
    {
        random.manual_seed(11);
        return randn([count, description.ImageChannels, description.ImageHeight, description.ImageWidth], ScalarType.Float64).to(type);
    }
}
