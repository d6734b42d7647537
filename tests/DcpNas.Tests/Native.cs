using static TorchSharp.torch;

namespace DcpNas.Tests;

public class LoadTests
{
    [Fact]
    public void Load_Works()
    {
        DcpNas.Native.LibTorch.Load();
        using var t = ones(3) + ones(3);
        Assert.Equal(6f, t.sum().item<float>());
    }
}
