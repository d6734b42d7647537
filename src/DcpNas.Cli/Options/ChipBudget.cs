using System.CommandLine;
using System.Globalization;
using DcpNas.Cli.Models;
using DcpNas.Embedded;
using DcpNas.Export;
using DcpNas.Networks;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Options;

/// <summary>Limits in the units of a chip on the network that a training is to make; it is refused before it starts where it is above one.</summary>
internal sealed class ChipBudget
{
    private const string DefaultCore = "cortex-m4";
    private readonly Option<string?> _flash = new("--max-flash") { Description = "Most bytes of flash of the generated C, constants and code, as 64K (of 1024)", HelpName = "BYTES" };
    private readonly Option<string?> _ram = new("--max-ram") { Description = "Most bytes of RAM of its values, as 24K", HelpName = "BYTES" };
    private readonly Option<string?> _instructions = new("--max-instructions") { Description = "Most instructions of an image, as 5M", HelpName = "X" };
    private readonly Option<string?> _core = new("--core") { Description = $"Processor that these limits are about: {string.Join(", ", ChipCost.Cores)} (default {DefaultCore})", HelpName = "NAME" };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_flash, _ram, _instructions, _core])
        {
            command.Add(option);
        }
    }

    /// <summary>What takes a network and refuses it where it is above a limit; null where there is no limit.</summary>
    /// <exception cref="InputException">A limit is no number, or the processor is unknown.</exception>
    public Action<NetworkDescription, int>? Read(ParseResult parsed)
    {
        var limits = new (Option<string?> Option, double? Most, Func<ChipCost, long> Of, string Unit)[]
        {
            (_flash, Number(_flash, 1024), cost => cost.FlashBytes, "bytes of flash"),
            (_ram, Number(_ram, 1024), cost => cost.ArenaBytes, "bytes of RAM"),
            (_instructions, Number(_instructions, 1000), cost => cost.Instructions, "instructions an image"),
        };
        var name = parsed.GetValue(_core);
        if (limits.All(limit => limit.Most is null))
        {
            return name is null ? null : throw new InputException("--core is the processor of --max-flash, --max-ram and --max-instructions. Give one of them, or leave it out.");
        }

        var core = Chips.Read(name ?? DefaultCore) is [var one] ? one : throw new InputException("--core names one processor here, got all.");
        return (network, classes) =>
        {
            var cost = Chips.Costs(UntrainedModel.Create(network with { RealWeights = false }, classes), "The network", [core])[0];
            var above = limits.Where(limit => limit.Of(cost) > limit.Most).Select(limit => Text($"{limit.Of(cost):N0} {limit.Unit} ({limit.Option.Name} {limit.Most:N0})")).ToArray();
            if (above.Length > 0)
            {
                throw new InputException($"The network does not fit the budget on {core}: it takes {string.Join(", ", above)}. Take fewer channels or cells, smaller images or the stem half, or raise the limit.");
            }
        };

        double? Number(Option<string?> option, int thousand)
        {
            if (parsed.GetValue(option) is not { } text)
            {
                return null;
            }

            var factor = char.ToUpperInvariant(text.LastOrDefault()) switch { 'K' => thousand, 'M' => thousand * thousand, _ => 1 };
            return double.TryParse(factor == 1 ? text : text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number > 0
                ? number * factor
                : throw new InputException($"{option.Name} must be a number above 0, as 64K or 1.5M, got '{text}'.");
        }
    }
}
