using System.CommandLine;
using DcpNas.Cost;

namespace DcpNas.Cli.Options;

/// <summary>The options <c>--max-flash</c>, <c>--max-ram</c>, <c>--max-instructions</c>, <c>--core</c> and <c>--shortcuts</c> of commands whose options files do not hold them.</summary>
internal sealed class ChipOptions
{
    private readonly OptionSet _values = new([new OptionSet.Variant("", new ChipLimits(), (text, source) => OptionsJson.Read<ChipLimits>(text, source, "{ \"max_flash\": 65536 }"))]);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command) => _values.AddTo(command);

    /// <summary>The limits that a command line asks for.</summary>
    /// <exception cref="OptionsException">A limit is no number or out of range.</exception>
    public ChipLimits Read(ParseResult parsed)
    {
        var limits = (ChipLimits)_values.Read(parsed, "", file: null);
        return limits.Problems() is { Count: > 0 } problems ? throw new OptionsException("command line", problems) : limits;
    }
}
