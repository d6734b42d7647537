using DcpNas.Native;
using static TorchSharp.torch;

namespace DcpNas.Tests.Native;

public class LibTorchTests
{
    [Fact]
    public void Load_Defaults_ComputesWithParkedFinalizersOnOneThread()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(6f, (ones(3) + ones(3)).sum().item<float>());
        Assert.True(LibTorch.IsLoaded);
        Assert.True(FinalizerGate.IsParked);
        Assert.Equal(1, Threads.Count);
    }
}
