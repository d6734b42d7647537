using DcpNas.Native;

namespace DcpNas.Tests.Native;

public class AmxTests
{
    [Theory]
    [InlineData(0, new string[0])]
    [InlineData((1 << 22) | (1 << 25), new string[0])] // without tiles the rest means nothing
    [InlineData(1 << 24, new[] { "tiles" })]
    [InlineData((1 << 24) | (1 << 25), new[] { "tiles", "int8" })]
    [InlineData((1 << 22) | (1 << 24) | (1 << 25), new[] { "tiles", "int8", "bfloat16" })]
    public void PartsOf_BitsOfTheProcessor_NamesWhatItHas(int features, string[] expected) => Assert.Equal(expected, Amx.PartsOf(features));

    [Fact]
    public void IsPresent_OnThisMachine_IsWhatTheKernelSays()
    {
        var flags = File.ReadLines("/proc/cpuinfo").First(line => line.StartsWith("flags", StringComparison.Ordinal)).Split(' ');
        Assert.Equal(flags.Contains("amx_tile"), Amx.IsPresent);
        Assert.Equal(flags.Contains("amx_int8"), Amx.Parts.Contains("int8"));
        Assert.Equal(flags.Contains("amx_bf16"), Amx.Parts.Contains("bfloat16"));
    }

    [Fact]
    public void Choose_ByProcessorUserAndOption_KeepsFromAmxWhereNobodyAskedForIt()
    {
        var options = new LibTorchOptions();
        Assert.Equal("AVX512_CORE_BF16", OneDnn.Choose(options, hasAmx: true, user: null));
        Assert.Null(OneDnn.Choose(options, hasAmx: false, user: null));
        Assert.Null(OneDnn.Choose(options, hasAmx: true, user: ("DNNL_MAX_CPU_ISA", "ALL")));
        Assert.Null(OneDnn.Choose(options with { KeepFromAmx = false }, hasAmx: true, user: null));
    }

    [Fact]
    public void Load_OnThisMachine_SetsWhatNativeCodeReads()
    {
        var user = NativeEnvironment.ChosenByUser(OneDnn.UserVariables);
        Assert.Equal(user?.Value ?? (Amx.IsPresent ? "AVX512_CORE_BF16" : null), NativeEnvironment.Get(user?.Name ?? "ONEDNN_MAX_CPU_ISA"));
        Assert.Equal(user is null && Amx.IsPresent ? "ONEDNN_MAX_CPU_ISA=AVX512_CORE_BF16" : null, OneDnn.Applied);
    }

    [Theory]
    [InlineData("AVX2", true)]
    [InlineData("avx512_core_bf16", true)]
    [InlineData("AVX512_CORE_FP16", true)]
    [InlineData("AVX10_1_512_AMX", false)]
    [InlineData("AVX512_CORE_AMX", false)]
    [InlineData("DEFAULT", false)]
    [InlineData("ALL", false)]
    [InlineData("AVX512_CORE_BF17", false)]
    public void LeavesOutAmx_OfASetting_IsFalseWhereOneDnnMayUseIt(string value, bool expected) => Assert.Equal(expected, OneDnn.LeavesOutAmx(value));
}
