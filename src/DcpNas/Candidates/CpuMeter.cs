using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using DcpNas.Native;

namespace DcpNas.Candidates;

/// <summary>CPU time of a piece of work over all its sessions; on a GPU wall-clock time, because its work is not the processor's.</summary>
/// <remarks>
/// Kept beside the work as marks "share done, seconds so far", one per percent. A session that goes on from a checkpoint begins with the time that was spent up
/// to there: work that a kill has lost is counted once, when it is done again. What one process does beside the work, its display say, counts too.
/// </remarks>
internal sealed class CpuMeter
{
    private const double MarkStep = 0.01;
    private readonly string _path;
    private readonly Func<double> _clock;
    private readonly List<(double Share, double Seconds)> _marks;
    private readonly double _began;
    private double _before;
    private bool _isPlaced;
    private bool _isUnknown;

    /// <summary>Begins a session.</summary>
    /// <param name="path">The file of the marks; need not exist.</param>
    /// <param name="device">Where the work is done.</param>
    public CpuMeter(string path, string device)
        : this(path, Devices.Parse(device).ToString().StartsWith("cuda", StringComparison.Ordinal) ? WallSeconds : ProcessSeconds)
    {
    }

    /// <summary>Begins a session under a clock.</summary>
    /// <param name="path">The file of the marks.</param>
    /// <param name="clock">Gives seconds.</param>
    internal CpuMeter(string path, Func<double> clock)
    {
        (_path, _clock) = (path, clock);
        _marks = Read(path);
        _began = clock();
    }

    /// <summary>Seconds so far, earlier sessions included.</summary>
    public double Seconds => _before + _clock() - _began;

    /// <summary>Takes in how far the work is; first where this session goes on.</summary>
    /// <param name="share">0 to 1.</param>
    public void Tell(double share)
    {
        if (!_isPlaced)
        {
            _isPlaced = true;
            _isUnknown = share > 0 && _marks.Count == 0; // begun by a version that did not measure
            _marks.RemoveAll(mark => mark.Share > share + 1e-9);
            _before = _marks.Count > 0 ? _marks[^1].Seconds : 0;
        }

        if (_marks.Count == 0 || share >= _marks[^1].Share + MarkStep || (share >= 1 && _marks[^1].Share < 1))
        {
            Mark(share);
        }
    }

    /// <summary>The work is done.</summary>
    /// <returns>All seconds; null where an earlier session did not measure its part.</returns>
    public double? Finish()
    {
        if (_isUnknown)
        {
            return null;
        }

        _marks.RemoveAll(mark => mark.Share >= 1);
        Mark(1);
        return _marks[^1].Seconds;
    }

    private void Mark(double share)
    {
        _marks.Add((share, Seconds));
        AtomicFile.WriteText(_path, new JsonArray([.. _marks.Select(mark => new JsonArray(Math.Round(mark.Share, 6), Math.Round(mark.Seconds, 3)))]).ToJsonString() + "\n");
    }

    private static double WallSeconds() => (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency;

    private static double ProcessSeconds()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.TotalSeconds;
    }

    private static List<(double Share, double Seconds)> Read(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            return [.. (JsonSerializer.Deserialize<double[][]>(File.ReadAllText(path)) ?? []).Select(mark => mark is [var share, var seconds]
                ? (share, seconds)
                : throw new JsonException("A mark is a share and seconds."))];
        }
        catch (JsonException error)
        {
            throw InputException.InFile(path, "line 1", "pairs of a share and seconds", "something else", "Delete its folder to run it again.", error);
        }
    }
}
