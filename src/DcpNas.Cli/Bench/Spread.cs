using System.Text.Json.Nodes;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Bench;

/// <summary>The middle of repeated measurements and how far they lie apart.</summary>
/// <param name="Median">Half of them are below.</param>
/// <param name="Low">A tenth of them is below.</param>
/// <param name="High">A tenth of them is above.</param>
internal readonly record struct Spread(double Median, double Low, double High)
{
    /// <summary>Of at least one measurement; between two neighbours the quantiles are interpolated.</summary>
    public static Spread Of(IEnumerable<double> measurements)
    {
        double[] sorted = [.. measurements.Order()];
        return new Spread(At(0.5), At(0.1), At(0.9));

        double At(double share)
        {
            var place = share * (sorted.Length - 1);
            var below = (int)place;
            var above = int.Min(below + 1, sorted.Length - 1);
            return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
        }
    }

    /// <summary>As JSON.</summary>
    public JsonObject ToJson() => new() { ["median"] = Median, ["low"] = Low, ["high"] = High };

    /// <summary><c>1.234 (1.2 to 1.3)</c>, to four digits.</summary>
    public override string ToString() => Text($"{Digits(Median)} ({Digits(Low)} to {Digits(High)})");

    private static string Digits(double value) => value switch
    {
        < 1 => Text($"{value:0.0000}"),
        < 10 => Text($"{value:0.000}"),
        < 100 => Text($"{value:0.00}"),
        _ => Text($"{value:0.0}"),
    };
}
