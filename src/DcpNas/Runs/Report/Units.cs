using System.Globalization;

namespace DcpNas.Runs.Report;

/// <summary>Numbers, sizes and durations for reading.</summary>
public static class Units
{
    /// <summary>A number with about five significant digits; thousands are grouped.</summary>
    public static string Number(double value)
    {
        if (!double.IsFinite(value))
        {
            return value.ToString(CultureInfo.InvariantCulture);
        }

        var magnitude = Math.Abs(value);
        return magnitude switch
        {
            0 => "0",
            < 1e-4 or >= 1e15 => value.ToString("0.###e0", CultureInfo.InvariantCulture),
            _ when value == Math.Round(value) => value.ToString("#,0", CultureInfo.InvariantCulture),
            >= 1000 => value.ToString("#,0.#", CultureInfo.InvariantCulture),
            _ => value.ToString($"0.{new string('#', Math.Clamp(3 - (int)Math.Floor(Math.Log10(magnitude)), 1, 7))}", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>A size in bytes, with a decimal unit.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1000 => $"{bytes} B",
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB"),
    };

    /// <summary>A duration by its two largest units: "2 d 3 h", "4 min 10 s".</summary>
    public static string Duration(TimeSpan time) => time.TotalSeconds switch
    {
        < 0 => "0 s",
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        < 60 => $"{(int)time.TotalSeconds} s",
        < 3600 => $"{time.Minutes} min {time.Seconds} s",
        < 86400 => $"{time.Hours} h {time.Minutes} min",
        _ => $"{(int)time.TotalDays} d {time.Hours} h",
    };
}
