using DcpNas.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DcpNas.Tests.Native;

public class DevicesTests
{
    [Theory]
    [InlineData("cpu")]
    [InlineData(" CPU ")]
    public void Parse_Cpu_IsTheCpu(string text) => Assert.Equal(DeviceType.CPU, Devices.Parse(text).type);

    [Fact]
    public void Parse_Auto_IsTheGpuWhereOneIsUsable() =>
        Assert.Equal(Devices.IsCudaUsable ? DeviceType.CUDA : DeviceType.CPU, Devices.Parse("auto").type);

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:1.5")]
    [InlineData("")]
    public void Parse_Unknown_ListsTheKnownOnes(string text) =>
        Assert.Equal($"Unknown device '{text}'. Known devices: cpu, cuda, cuda:N, auto.", Assert.Throws<InputException>(() => Devices.Parse(text)).Message);

    [Fact]
    public void Parse_CudaBeyondTheMachine_SaysWhatToDo()
    {
        var message = Assert.Throws<InputException>(() => Devices.Parse("cuda:99")).Message;
        var expected = Devices.IsCudaUsable ? "use cuda:0" : File.Exists(Path.Combine(LibTorch.Folder, "libtorch_cuda.so")) ? "nvidia-smi" : "Set DCPNAS_LIBTORCH";
        Assert.StartsWith("Device 'cuda:99' was asked for, but ", message);
        Assert.Contains(expected, message);
    }

    [Fact]
    public void Threads_Set_ChangesTheCountAndNoRandomNumber()
    {
        using var scope = NewDisposeScope();
        var before = get_rng_state();
        try
        {
            Threads.Set(2);
            Assert.Equal(2, Threads.Count);
            Threads.Set(0);
            Assert.Equal(Environment.ProcessorCount, Threads.Count);
        }
        finally
        {
            Threads.Set(1);
        }

        Assert.Equal(before.data<byte>().ToArray(), get_rng_state().data<byte>().ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => Threads.Set(-1));
    }
}
