using DcpNas.Cost;

namespace DcpNas.Networks;

/// <summary>Counts ReActNet-A layer by layer.</summary>
internal static class ReActNetCost
{
    public static CostReport Report(NetworkDescription description, int classes)
    {
        var blocks = ReActNet.Plan(description);
        List<CostLayer> layers = [ReActNet.StemUnit(description).Count("stem", CostGroup.Stem)];
        for (var index = 0; index < blocks.Count; index++)
        {
            var (spatial, pointwise) = blocks[index];
            layers.Add(spatial.Count($"blocks.{index}.spatial", CostGroup.Full));
            if (spatial.Stride == 2)
            {
                layers.Add(CostLayer.PlainPool($"blocks.{index}.pool", spatial.Input, 2, 2));
            }

            layers.Add(pointwise.Count($"blocks.{index}.pointwise", CostGroup.Pointwise));
        }

        layers.Add(CostLayer.Head("head", blocks[^1].Pointwise.Output, classes));
        return new CostReport("", description.Geometry(classes), layers) { Architecture = description.Architecture };
    }
}
