using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json.Nodes;
using DcpNas.Runtime;
using SkiaSharp;

namespace EndToEnd;

/// <summary>The lean tool: packed by eng/pack-lean.sh, installed, and run without .NET and libtorch.</summary>
public sealed class LeanToolTests
{
    private const long MostBytes = 16 << 20; // 9.8 MB are the image decoder, 0.3 the networks that come with the tool

    [Fact]
    public void Tool_PackedAndInstalled_IsSmallAndSaysWhatTheWholeToolSays()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("DCPNAS_LEAN_TESTS") == "1", "Compiles native code for minutes: eng/test-lean.sh runs it.");
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The linker of this system is not known here.");
        Assert.SkipUnless(IsInstalled("clang") || (IsInstalled("gcc") && IsInstalled("ld")), "Native code needs clang or gcc, and ld.");
        using var folder = new TemporaryFolder();
        var pack = Pack(folder);
        Assert.SkipWhen(pack.Code != 0 && (pack.Output + pack.Error).Contains("NU1101", StringComparison.Ordinal), "The ahead-of-time compiler cannot be downloaded.");
        Assert.True(pack.Code == 0, pack.Output + pack.Error);
        Packages.Dotnet(folder, "tool", "install", "DcpNas.Lean", "--tool-path", folder["tool"], "--source", folder["packages"]).Ends(0);

        var names = new List<string>();
        var unpacked = 0L;
        foreach (var package in Directory.GetFiles(folder["packages"], "DcpNas.Lean.linux-*.nupkg"))
        {
            using var archive = ZipFile.OpenRead(package);
            names.AddRange(archive.Entries.Select(entry => entry.Name));
            unpacked += archive.Entries.Sum(entry => entry.Length);
        }

        Assert.Contains("libSkiaSharp.so", names);
        Assert.DoesNotContain(names, name => name.Contains("torch", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".dll", StringComparison.Ordinal));
        Assert.InRange(unpacked, 1_000_000, MostBytes);

        var (model, images) = (ColourModel.Write(folder["net.dcpnas"]), folder["images"]);
        ColourModel.Paint(folder["images/red/a.png"], 40, 30, SKColors.Red, SKColors.Green);
        ColourModel.Paint(folder["images/green/b.jpg"], 30, 40, SKColors.Lime);
        foreach (var arguments in (string[][])
            [["models"], ["models", "mnist"], ["inspect", "mnist"], ["inspect", model], ["inspect", model, "--json"], ["predict", model, images], ["predict", model, images, "--csv", "--top", "2"], ["predict", model, model], ["predict", model, images, "--top", "0"], ["bench"]])
        {
            var (lean, whole) = (Run(folder, arguments), Cli.Run(folder.Path, arguments));
            Assert.Equal((whole.Code, whole.Output), (lean.Ends(whole.Code).Code, lean.Output));
            Assert.Equal(Timeless(whole.Error), Timeless(lean.Error));
        }

        var bench = JsonNode.Parse(Run(folder, "bench", model, "--seconds", "0.05", "--threads", "1", "--out", folder["bench"], "--json").Ends(0).Output)!;
        Assert.Equal(("1", $"{(InstructionSets.Best == InstructionSet.Avx512 ? InstructionSet.Avx2 : InstructionSets.Best)}"), (bench["threads"]![0]!["threads"]!.ToString(), bench["machine"]!["instructions"]!.ToString())); // never without vector instructions
        Assert.True(JsonNode.DeepEquals(bench, JsonNode.Parse(File.ReadAllText(folder["bench/bench.json"]))));
        Assert.StartsWith("dcpnas: Unknown option '--against' of dcpnas bench.", Run(folder, "bench", model, "--against", "onnxruntime").Ends(2).Error, StringComparison.Ordinal);
        Assert.StartsWith("dcpnas: Unknown command 'train'. Known commands: inspect, models, predict, bench.", Run(folder, "train").Ends(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Pack_ForAnUnknownProcessor_NamesThoseThatThereAre()
    {
        using var folder = new TemporaryFolder();

        var result = Packages.Start(folder, Path.Combine(StartScriptTests.RepositoryRoot(), "eng", "pack-lean.sh"), folder["packages"], "win-x64");

        Assert.Equal((2, "pack-lean.sh: RID must be linux-x64 or linux-arm64, got 'win-x64'.\n"), (result.Code, result.Error));
    }

    /// <summary>With folders of its own, so that other builds are not disturbed.</summary>
    private static Cli.Result Pack(TemporaryFolder folder)
    {
        var start = new ProcessStartInfo(Path.Combine(StartScriptTests.RepositoryRoot(), "eng", "pack-lean.sh"), [folder["packages"]])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["PACK_OPTIONS"] = $"-p:RunAnalyzers=false -p:ArtifactsPath={folder["artifacts"]}";
        (start.Environment["MSBUILDDISABLENODEREUSE"], start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"]) = ("1", "1"); // a server would hold the pipes open
        using var process = Process.Start(start)!;
        return Cli.Wait(process, TimeSpan.FromMinutes(15));
    }

    private static Cli.Result Run(TemporaryFolder folder, params string[] arguments) => Packages.Start(folder, Path.Combine(folder["tool"], "dcpnas"), arguments);

    private static string Timeless(string text) => string.Join('\n', text.Split('\n').Where(line => !line.Contains("images/s", StringComparison.Ordinal)));

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, program)));
}
