using DcpNas.Cost;

namespace DcpNas.Networks;

/// <summary>Counts Bi-Real-Net-18 layer by layer.</summary>
internal static class BiRealNetCost
{
    public static CostReport Report(NetworkDescription description, int classes)
    {
        var stem = BiRealNet.StemUnit(description);
        var units = BiRealNet.Plan(description);
        List<CostLayer> layers = [stem.Count("stem", CostGroup.Stem)];
        if (description.Stem == StemKind.ImageNet)
        {
            layers.Add(CostLayer.PlainPool("pool", stem.Output, 3, 2));
        }

        for (var index = 0; index < units.Count; index++)
        {
            var unit = units[index];
            layers.Add(unit.Count($"units.{index}.convolution", CostGroup.Full));
            if (unit.Stride == 2)
            {
                var pool = CostLayer.PlainPool($"units.{index}.pool", unit.Input, 2, 2);
                layers.Add(pool);
                layers.Add(new ConvolutionUnit { Input = pool.Output, OutputChannels = unit.OutputChannels }.Count($"units.{index}.shortcut", CostGroup.Shortcut));
            }
        }

        layers.Add(CostLayer.Head("head", units[^1].Output, classes));
        return new CostReport("", description.Geometry(classes), layers) { Architecture = description.Architecture };
    }
}
