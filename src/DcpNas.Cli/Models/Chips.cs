using System.CommandLine;
using System.Text.Json.Nodes;
using DcpNas.Embedded;
using DcpNas.Inference;
using DcpNas.Runtime;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Models;

/// <summary>The option <c>--core</c>: what the generated C takes on microcontrollers.</summary>
internal static class Chips
{
    private const string All = "all";

    /// <summary>The option.</summary>
    public static Option<string?> Option() => new("--core")
    {
        Description = $"Also flash, RAM and instructions of the generated C (export --format c) on a processor: {string.Join(", ", ChipCost.Cores)}, or {All}",
        HelpName = "NAME",
    };

    /// <summary>The processors that are asked for.</summary>
    /// <exception cref="InputException">There is no such processor.</exception>
    public static IReadOnlyList<string> Read(string? core)
    {
        if (core is null or All)
        {
            return core is null ? [] : ChipCost.Cores;
        }

        return ChipCost.Cores.Contains(core) ? [core] : throw new InputException($"--core must be one of {string.Join(", ", ChipCost.Cores)}, {All}, got '{core}'.{Nearest.Hint(core, ChipCost.Cores)}");
    }

    /// <summary>The cost of a model on processors.</summary>
    /// <exception cref="InputException">It has no integer mode, or there is no C code for it.</exception>
    public static IReadOnlyList<ChipCost> Costs(PackedModel model, string name, IReadOnlyList<string> cores)
    {
        try
        {
            return [.. cores.Select(core => ChipCost.Of(model, core))];
        }
        catch (CodeGenerationException error)
        {
            throw new InputException($"{name}: {error.Message}", error);
        }
    }

    /// <summary>A table, with its heading.</summary>
    public static List<string[]> Rows(IEnumerable<ChipCost> costs) =>
    [
        ["core", "flash", "constants", "code, about", "RAM (arena)", "instructions, about"],
        .. costs.Select(cost => (string[])[cost.Core, Text($"{cost.FlashBytes:N0}"), Text($"{cost.ConstantBytes:N0}"), Text($"{cost.CodeBytes:N0}"), Text($"{cost.ArenaBytes:N0}"), Text($"{cost.Instructions:N0}")]),
    ];

    /// <summary>The same for programs.</summary>
    public static JsonArray ToJson(IEnumerable<ChipCost> costs) => new([.. costs.Select(cost => new JsonObject
    {
        ["core"] = cost.Core,
        ["flash_bytes"] = cost.FlashBytes,
        ["constant_bytes"] = cost.ConstantBytes,
        ["code_bytes"] = cost.CodeBytes,
        ["arena_bytes"] = cost.ArenaBytes,
        ["instructions"] = cost.Instructions,
    })]);

    /// <summary>What <c>inspect</c> adds of a file.</summary>
    public static (IReadOnlyList<string[]> Rows, JsonArray Json) Describe(ModelFile file, string core)
    {
        var costs = Costs(file.Model, file.Path, Read(core));
        return (Rows(costs), ToJson(costs));
    }
}
