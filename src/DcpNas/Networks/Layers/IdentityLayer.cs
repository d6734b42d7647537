using static TorchSharp.torch;

namespace DcpNas.Networks.Layers;

/// <summary>A skip of stride 1.</summary>
internal sealed class IdentityLayer() : CellLayer(nameof(IdentityLayer))
{
    public override bool CanDrop => false;

    public override Tensor Apply(Tensor input) => input.alias();
}
