using System.Text.Json;

namespace DcpNas.Embedded;

/// <summary>Instructions per unit of work, and bytes of code per kernel, of a processor: fitted to counts in QEMU (instructions.json, which eng/fit-instructions.sh writes).</summary>
internal sealed class InstructionTable
{
    private static readonly Lazy<IReadOnlyDictionary<string, InstructionTable>> Tables = new(Read);

    private readonly Dictionary<string, double> _instructions;
    private readonly Dictionary<string, double> _code;

    private InstructionTable(JsonElement core) => (_instructions, _code) = (Numbers(core, "instructions"), Numbers(core, "code"));

    /// <summary>The processors of the table.</summary>
    public static IReadOnlyList<string> Cores { get; } = [.. Tables.Value.Keys];

    /// <summary>The table of a processor.</summary>
    /// <exception cref="ArgumentException">It is unknown.</exception>
    public static InstructionTable Of(string core) =>
        Tables.Value.TryGetValue(core, out var table) ? table : throw new ArgumentException($"Unknown core '{core}'. Known cores: {string.Join(", ", Cores)}.", nameof(core));

    /// <summary>Instructions of a step.</summary>
    public double Instructions(CWork work) => work.Units.Sum(unit => _instructions.GetValueOrDefault(unit.Key) * unit.Value);

    /// <summary>Bytes of the code of all steps: a base, each kernel once, and each use of it.</summary>
    public long CodeBytes(IReadOnlyList<CStep> steps)
    {
        var uses = steps.SelectMany(step => step.Work.Units.Keys.Select(unit => unit[..unit.IndexOf('.', StringComparison.Ordinal)]).Distinct()).CountBy(kernel => kernel).ToArray();
        return (long)Math.Round(_code.GetValueOrDefault("base") + uses.Sum(use => _code.GetValueOrDefault($"kernel {use.Key}") + (use.Value * _code.GetValueOrDefault($"use {use.Key}"))));
    }

    private static Dictionary<string, double> Numbers(JsonElement core, string part) =>
        core.GetProperty(part).EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetDouble(), StringComparer.Ordinal);

    private static Dictionary<string, InstructionTable> Read()
    {
        using var stream = typeof(InstructionTable).Assembly.GetManifestResourceStream("instructions.json")!;
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.GetProperty("cores").EnumerateObject().ToDictionary(core => core.Name, core => new InstructionTable(core.Value), StringComparer.Ordinal);
    }
}
