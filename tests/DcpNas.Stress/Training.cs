using DcpNas.Native;
using static TorchSharp.torch;

namespace DcpNas.Stress;

/// <summary>A small network that learns; a freed scalar shows as a loss that is no number.</summary>
internal sealed class Training
{
    private readonly nn.Module<Tensor, Tensor> _network;
    private readonly optim.Optimizer _optimizer;

    public Training()
    {
        random.manual_seed(1);
        _network = nn.Sequential(nn.Conv2d(3, 8, 3, padding: 1), nn.BatchNorm2d(8), nn.PReLU(8), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 4));
        _optimizer = optim.Adam(_network.parameters(), 1e-3);
    }

    public bool Step()
    {
        using var scope = NewDisposeScope();
        var loss = nn.functional.cross_entropy(_network.forward(randn(4, 3, 16, 16)), randint(0, 4, [4]));
        _optimizer.zero_grad();
        Autograd.Backward(loss);
        _optimizer.step();
        return float.IsFinite(loss.item<float>());
    }
}
