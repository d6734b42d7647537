using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using TorchSharp;

namespace DcpNas.Native;

/// <summary>Everything about the machine and the installation that decides whether and how fast commands run.</summary>
/// <remarks>Collecting prints nothing and throws nothing: what fails becomes a finding.</remarks>
/// <param name="Findings">In the order in which they are to be shown.</param>
public sealed partial record DoctorReport(IReadOnlyList<Finding> Findings)
{
    // Data knows the same name; Native knows nobody.
    private const string DefaultDataFolder = ".data";

    /// <summary>The worst status of all findings.</summary>
    public FindingStatus Worst => Findings.Max(finding => finding.Status);

    /// <summary>Looks at the machine; loads libtorch unless it is loaded. Takes about a second.</summary>
    public static DoctorReport Collect()
    {
        var findings = new List<Finding>
        {
            new("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.RuntimeIdentifier}"),
            new("dotnet", RuntimeInformation.FrameworkDescription),
            new("processor", $"{HardwareFacts.ProcessorName}, {Environment.ProcessorCount} cores"),
            new("instructions", HardwareFacts.InstructionSets),
            HardwareFacts.Memory(),
            OpenSsl.Describe(OpenSsl.Library),
        };
        try
        {
            LibTorch.Load();
        }
        catch (InputException exception)
        {
            findings.Add(new Finding("libtorch", "not loaded", FindingStatus.Problem, exception.Message));
        }

        if (LibTorch.IsLoaded)
        {
            findings.AddRange(Torch());
        }

        findings.Add(Tiles(Amx.Parts, NativeEnvironment.ChosenByUser(OneDnn.UserVariables), LibTorch.IsLoaded ? OneDnn.Applied : null));
        findings.Add(Allocator(LoadedLibraries()));
        findings.Add(Data(Environment.GetEnvironmentVariable("DCPNAS_DATA"), DefaultDataFolder));
        return new DoctorReport(findings);
    }

    /// <summary>The memory allocator among the loaded libraries; the one of glibc slowly fragments.</summary>
    internal static Finding Allocator(IReadOnlyList<string> libraries)
    {
        var found = libraries.FirstOrDefault(path => AllocatorName().IsMatch(Path.GetFileName(path)));
        return found is not null
            ? new Finding("allocator", found)
            : new Finding(
                "allocator",
                "glibc",
                FindingStatus.Warning,
                "Training needs up to three times the memory and a quarter more time: apt install libtcmalloc-minimal4; the script ./dcpnas then preloads it.");
    }

    /// <summary>Whether the processor has AMX, and who is kept from it.</summary>
    /// <param name="parts">What it computes in tiles.</param>
    /// <param name="user">The setting of the user, if there is one.</param>
    /// <param name="applied">The setting that <see cref="LibTorch.Load"/> has made, if any.</param>
    internal static Finding Tiles(IReadOnlyList<string> parts, (string Name, string Value)? user, string? applied)
    {
        const string name = "amx";
        var present = string.Join(", ", parts);
        return parts.Count == 0 ? new Finding(name, "none")
            : applied is not null ? new Finding(name, $"{present}; libtorch is kept from it by {applied} (ours), ONNX Runtime has threads of its own")
            : user is not var (variable, value) ? new Finding(name, $"{present}; no libtorch is loaded that is kept from it")
            : OneDnn.LeavesOutAmx(value) ? new Finding(name, $"{present}; libtorch is kept from it by {variable}={value} (yours), ONNX Runtime has threads of its own")
            : new Finding(
                name,
                $"{present}; {variable}={value} (yours) opens it to libtorch",
                FindingStatus.Warning,
                $"After work in bfloat16 a null reference on that thread ends the process (exit code 139) instead of being an exception: unset {variable}; it gains nothing in float32.");
    }

    /// <summary>The folder of data sets; none is needed until a command reads one.</summary>
    /// <param name="named">The value of DCPNAS_DATA.</param>
    /// <param name="otherwise">The folder where it is not set.</param>
    internal static Finding Data(string? named, string otherwise)
    {
        var (folder, origin) = string.IsNullOrEmpty(named) ? (otherwise, "") : (named, " (DCPNAS_DATA)");
        return Directory.Exists(folder) ? new Finding("data", $"{folder}{origin}, {Directory.EnumerateFileSystemEntries(folder).Count()} entries")
            : origin.Length == 0 ? new Finding("data", $"none in {folder}; DCPNAS_DATA or --data names another folder")
            : new Finding("data", $"{folder}{origin}: no such folder", FindingStatus.Problem, "Set DCPNAS_DATA to the folder of your data sets, or unset it.");
    }

    private static IEnumerable<Finding> Torch()
    {
        yield return new Finding("torchsharp", typeof(torch).Assembly.GetName().Version?.ToString(3) ?? "unknown");
        yield return new Finding("libtorch", $"{LibTorchVersion()}, {LibTorch.Folder} ({LibTorch.Origin})");
        var missing = LibTorch.MissingFunctions;
        if (missing.Count > 0)
        {
            yield return new Finding(
                "functions",
                $"{missing.Count} missing: {string.Join(", ", missing.Take(8))}{(missing.Count > 8 ? ", ..." : "")}",
                FindingStatus.Warning,
                $"A command that needs one of them ends at once; use libtorch {LibTorchLocation.PinnedVersion} then.");
        }

        yield return Glibcxx();
        yield return Gpu();
        yield return new Finding("threads", $"{Threads.Count} of {Environment.ProcessorCount} cores");
        yield return OpenMpSettings();
        yield return FinalizerGate.IsParked
            ? new Finding("finalizers", "parked")
            : new Finding("finalizers", "running", FindingStatus.Problem, "Call LibTorch.Load with its default options: a collection beside libtorch can end the process.");
        yield return SmokeTest.Run(torch.CPU);
        if (Devices.IsCudaUsable)
        {
            yield return SmokeTest.Run(Devices.Parse("cuda"));
        }
    }

    private static string LibTorchVersion()
    {
        // A Python torch has its version beside "lib".
        var python = Path.Combine(LibTorch.Folder, "..", "version.py");
        if (File.Exists(python) && PythonVersion().Match(File.ReadAllText(python)) is { Success: true } match)
        {
            return match.Groups[1].Value;
        }

        var archive = Path.Combine(LibTorch.Folder, "..", "build-version");
        return File.Exists(archive) ? File.ReadAllText(archive).Trim()
            : LibTorch.Folder.Contains(LibTorchLocation.PinnedVersion, StringComparison.Ordinal) ? LibTorchLocation.PinnedVersion
            : "version unknown";
    }

    private static Finding Glibcxx()
    {
        var needs = ElfLibrary.Open(SymbolCheck.TorchSharpLibrary()).Versions.Where(need => need.Version.StartsWith("GLIBCXX_", StringComparison.Ordinal)).ToList();
        var newest = needs.Where(need => !need.IsWeak).Select(need => need.Version[8..]).OrderByDescending(Version.Parse).FirstOrDefault() ?? "none";
        var relaxed = string.Join(", ", needs.Where(need => need.IsWeak).Select(need => need.Version[8..]));
        return new Finding("glibcxx", $"{newest} needed{(relaxed.Length > 0 ? $", {relaxed} relaxed" : "")}");
    }

    private static Finding Gpu()
    {
        if (Devices.IsCudaUsable)
        {
            return new Finding("gpu", $"{torch.cuda.device_count()} usable{HardwareFacts.GpuNames()}");
        }

        var hasCuda = File.Exists(Path.Combine(LibTorch.Folder, "libtorch_cuda.so"));
        var hasGpu = File.Exists("/proc/driver/nvidia/version");
        return (hasCuda, hasGpu) switch
        {
            (false, true) => new Finding(
                "gpu", "present, but this libtorch is built for the CPU", FindingStatus.Warning, $"Set {LibTorch.FolderVariable} to a libtorch with CUDA (of a Python torch: its lib folder)."),
            (true, _) => new Finding("gpu", "none usable", FindingStatus.Warning, "Check nvidia-smi and that the driver fits this libtorch."),
            _ => new Finding("gpu", "none; computing on the CPU"),
        };
    }

    private static Finding OpenMpSettings()
    {
        var set = ((string[])["OMP_NUM_THREADS", .. OpenMp.UserVariables])
            .Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name)))
            .Where(pair => !string.IsNullOrEmpty(pair.Value))
            .Select(pair => $"{pair.Name}={pair.Value}")
            .ToList();
        return new Finding("openmp", OpenMp.Applied is { } applied ? string.Join(", ", set.Append($"{applied} (ours)")) : set.Count > 0 ? string.Join(", ", set) : "libgomp's defaults");
    }

    private static string[] LoadedLibraries()
    {
        const string maps = "/proc/self/maps";
        return File.Exists(maps)
            ? [.. File.ReadLines(maps).Select(line => line.IndexOf('/') is var start && start >= 0 ? line[start..] : "").Where(path => path.Length > 0).Distinct()]
            : [];
    }

    [GeneratedRegex("tcmalloc|jemalloc|mimalloc")]
    private static partial Regex AllocatorName();

    [GeneratedRegex("__version__\\s*=\\s*['\"]([^'\"]+)")]
    private static partial Regex PythonVersion();
}

/// <summary>One fact about the machine and the installation.</summary>
/// <param name="Name">Short and stable, lower case: "libtorch", "allocator".</param>
/// <param name="Value">What was found.</param>
/// <param name="Status">How good that is.</param>
/// <param name="Advice">What to do, one sentence; empty when there is nothing to do.</param>
public sealed record Finding(string Name, string Value, FindingStatus Status = FindingStatus.Ok, string Advice = "");
