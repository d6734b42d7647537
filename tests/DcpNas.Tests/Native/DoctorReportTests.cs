using DcpNas.Native;

namespace DcpNas.Tests.Native;

public class DoctorReportTests
{
    [Fact]
    public void Collect_HealthyMachine_FindsNoProblemInWhatIsInstalled()
    {
        var report = DoctorReport.Collect();
        string[] expected = ["system", "dotnet", "processor", "instructions", "memory", "openssl", "torchsharp", "libtorch", "glibcxx", "gpu", "threads", "openmp", "finalizers", "computation on cpu", "amx", "allocator", "data"];
        Assert.Superset(expected.ToHashSet(), report.Findings.Select(finding => finding.Name).ToHashSet());
        Assert.All(report.Findings, finding => Assert.False(string.IsNullOrWhiteSpace(finding.Value)));
        Assert.All(report.Findings.Where(finding => finding.Status != FindingStatus.Ok), finding => Assert.NotEmpty(finding.Advice));
        Assert.Equal("right", Find("computation on cpu").Value);
        Assert.Equal("parked", Find("finalizers").Value);
        Assert.EndsWith("3.4.32 relaxed", Find("glibcxx").Value);
        Assert.Contains(LibTorch.Folder, Find("libtorch").Value);
        Assert.Equal(report.Findings.Max(finding => finding.Status), report.Worst);

        Finding Find(string name) => report.Findings.Single(finding => finding.Name == name);
    }

    [Fact]
    public void OpenSsl_ThatIsMissing_IsAProblem()
    {
        var finding = OpenSsl.Describe(null);
        Assert.Equal((FindingStatus.Problem, "none: libssl.so.3, libssl.so.1.1, libssl.so.1.0.2, libssl.so.1.0.0, libssl.so.10 cannot be loaded"), (finding.Status, finding.Value));
        Assert.StartsWith("Install it (Debian: apt install libssl3; Alpine: apk add libssl3)", finding.Advice, StringComparison.Ordinal);
        Assert.Equal(new Finding("openssl", "libssl.so.3"), OpenSsl.Describe("libssl.so.3"));
    }

    [Theory]
    [InlineData("/usr/lib/x86_64-linux-gnu/libtcmalloc_minimal.so.4", FindingStatus.Ok)]
    [InlineData("/usr/lib/libjemalloc.so.2", FindingStatus.Ok)]
    [InlineData("/usr/lib/libmimalloc.so.2.0", FindingStatus.Ok)]
    [InlineData("/home/jemalloc/libc.so.6", FindingStatus.Warning)]
    public void Allocator_ByLibraryName_IsRecognised(string library, FindingStatus status)
    {
        var finding = DoctorReport.Allocator(["/usr/lib/libc.so.6", library]);
        Assert.Equal(status, finding.Status);
        Assert.Equal(status == FindingStatus.Warning, finding.Advice.Contains("libtcmalloc-minimal4", StringComparison.Ordinal));
    }

    [Fact]
    public void Data_ByFolder_HasAStatus()
    {
        Assert.Equal(new Finding("data", "none in /nonexistent; DCPNAS_DATA or --data names another folder"), DoctorReport.Data(null, "/nonexistent"));
        Assert.Matches(@"^/proc/self, \d+ entries$", DoctorReport.Data("", "/proc/self").Value);
        Assert.Equal("/nonexistent (DCPNAS_DATA): no such folder", DoctorReport.Data("/nonexistent", "/proc/self").Value);
        Assert.Equal(FindingStatus.Problem, DoctorReport.Data("/nonexistent", "/proc/self").Status);
        Assert.Equal(FindingStatus.Ok, DoctorReport.Data(AppContext.BaseDirectory, "/nonexistent").Status);
    }

    [Fact]
    public void Tiles_ByProcessorAndSetting_SaysWhoIsKeptFromThem()
    {
        string[] parts = ["tiles", "int8", "bfloat16"];
        Assert.Equal(new Finding("amx", "none"), DoctorReport.Tiles([], ("ONEDNN_MAX_CPU_ISA", "ALL"), null));
        Assert.Equal(
            new Finding("amx", "tiles, int8, bfloat16; libtorch is kept from it by ONEDNN_MAX_CPU_ISA=AVX512_CORE_BF16 (ours), ONNX Runtime has threads of its own"),
            DoctorReport.Tiles(parts, null, "ONEDNN_MAX_CPU_ISA=AVX512_CORE_BF16"));
        Assert.Equal(
            new Finding("amx", "tiles, int8, bfloat16; libtorch is kept from it by DNNL_MAX_CPU_ISA=AVX2 (yours), ONNX Runtime has threads of its own"),
            DoctorReport.Tiles(parts, ("DNNL_MAX_CPU_ISA", "AVX2"), null));
        Assert.Equal(
            new Finding(
                "amx",
                "tiles, int8, bfloat16; ONEDNN_MAX_CPU_ISA=ALL (yours) opens it to libtorch",
                FindingStatus.Warning,
                "After work in bfloat16 a null reference on that thread ends the process (exit code 139) instead of being an exception: unset ONEDNN_MAX_CPU_ISA; it gains nothing in float32."),
            DoctorReport.Tiles(parts, ("ONEDNN_MAX_CPU_ISA", "ALL"), null));
    }

    [Fact]
    public void Memory_OfAContainer_IsWhatThePlanCountsWith()
    {
        Assert.Equal(new Finding("memory", "16.0 GiB total, 8.0 GiB available"), HardwareFacts.Memory(16L << 30, 8L << 30));
        Assert.Equal(FindingStatus.Warning, HardwareFacts.Memory(16L << 30, 7L << 30).Status);
        Assert.StartsWith($"{MachineMemory.TotalBytes / (double)(1 << 30):F1} GiB total, ", HardwareFacts.Memory().Value, StringComparison.Ordinal);
    }
}
