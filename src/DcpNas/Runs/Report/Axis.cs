using System.Globalization;

namespace DcpNas.Runs.Report;

/// <summary>Maps values to pixels and chooses round tick values.</summary>
internal sealed class Axis
{
    private readonly double _from;
    private readonly double _to;
    private readonly bool _log;
    private readonly double _start;
    private readonly double _length;

    /// <summary>Creates an axis.</summary>
    /// <param name="from">Smallest value shown; above 0 on a logarithmic axis.</param>
    /// <param name="to">Largest value shown, above <paramref name="from"/>.</param>
    /// <param name="log">Whether the axis is logarithmic.</param>
    /// <param name="start">Pixel of <paramref name="from"/>.</param>
    /// <param name="length">Pixels to <paramref name="to"/>; negative for an axis that rises on the screen.</param>
    public Axis(double from, double to, bool log, double start, double length)
    {
        (_log, _start, _length) = (log, start, length);
        (_from, _to) = log ? (Math.Log10(from), Math.Log10(to)) : (from, to);
    }

    /// <summary>The range of an axis that shows values with some room at both ends.</summary>
    /// <param name="values">At least one.</param>
    /// <param name="room">At each end, as a share of what the values span; a twentieth of the value where they are one.</param>
    public static (double From, double To) Around(IReadOnlyList<double> values, double room)
    {
        var (low, high) = (values.Min(), values.Max());
        var margin = high > low ? (high - low) * room : Math.Max(Math.Abs(high) * 0.05, 1e-9);
        return (low - margin, high + margin);
    }

    public double Map(double value) => _start + (((_log ? Math.Log10(value) : value) - _from) / (_to - _from) * _length);

    /// <summary>Round values inside the axis, with their labels.</summary>
    public List<(double Value, string Label)> Ticks(int count)
    {
        if (_log)
        {
            var decades = LogTicks(count);
            if (decades.Count >= 2)
            {
                return decades;
            }
        }

        var (low, high) = _log ? (Math.Pow(10, _from), Math.Pow(10, _to)) : (_from, _to);
        var step = NiceStep((high - low) / Math.Max(1, count));
        var ticks = new List<(double, string)>();
        for (var index = Math.Ceiling((low / step) - 1e-9); index * step <= high + (step * 1e-9); index++)
        {
            var value = (index * step) + 0.0; // never -0
            ticks.Add((value, Label(value, step)));
        }

        return ticks;
    }

    /// <summary>1, 2 or 5 times a power of ten, at least <paramref name="rough"/>.</summary>
    public static double NiceStep(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var ratio = rough / power;
        return (ratio <= 1.0000001 ? 1 : ratio <= 2.0000001 ? 2 : ratio <= 5.0000001 ? 5 : 10) * power;
    }

    /// <summary>A number for reading: as many digits as the step needs, thousands as k, M, G.</summary>
    public static string Label(double value, double step)
    {
        var magnitude = Math.Max(Math.Abs(value), step);
        if (magnitude >= 1e13 || magnitude < 1e-4)
        {
            return value == 0 ? "0" : value.ToString("0.###e0", CultureInfo.InvariantCulture);
        }

        var (divisor, unit) = magnitude >= 1e9 ? (1e9, "G") : magnitude >= 1e6 ? (1e6, "M") : magnitude >= 1e4 ? (1e3, "k") : (1.0, "");
        var digits = Math.Clamp((int)Math.Ceiling(-Math.Log10(step / divisor) - 1e-9), 0, 6);
        return (value / divisor).ToString($"F{digits}", CultureInfo.InvariantCulture) + (value == 0 ? "" : unit);
    }

    private List<(double Value, string Label)> LogTicks(int count)
    {
        int first = (int)Math.Ceiling(_from - 1e-9), last = (int)Math.Floor(_to + 1e-9);
        var stride = Math.Max(1, (int)Math.Ceiling((last - first + 1) / (double)Math.Max(1, count)));
        var ticks = new List<(double, string)>();
        for (var power = first; power <= last; power += stride)
        {
            ticks.Add((Math.Pow(10, power), power is >= -3 and <= 3 ? Math.Pow(10, power).ToString("0.###", CultureInfo.InvariantCulture) : $"1e{power}"));
        }

        return ticks;
    }
}
