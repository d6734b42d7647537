using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace DcpNas.Runs;

/// <summary>Keeps two processes from writing into one run folder.</summary>
/// <remarks>
/// The lock is an exclusive lock on <c>run.lock</c>, which the system gives back when its process dies, however it dies. That file stays behind,
/// empty: removing it would let a third process lock a file that is no longer in the folder. <c>run.holder.json</c> says who holds the lock, for
/// the message and for file systems that do not lock: there, a live process of that number and start time counts as holder.
/// </remarks>
internal sealed class RunLock : IDisposable
{
    private static readonly TimeSpan StartTolerance = TimeSpan.FromSeconds(2);

    private readonly FileStream _stream;
    private readonly string _holderPath;

    private RunLock(FileStream stream, string holderPath) => (_stream, _holderPath) = (stream, holderPath);

    /// <summary>Takes the lock of a folder.</summary>
    /// <exception cref="InputException">Another process holds it, or the files cannot be written.</exception>
    public static RunLock Take(string folder)
    {
        var path = Path.Combine(folder, RunFiles.Lock);
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (IsLocked(path))
        {
            throw Held(folder, ReadHolder(folder));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.CannotWrite(path, error);
        }

        try
        {
            if (ReadHolder(folder) is { } holder && IsAlive(holder))
            {
                throw Held(folder, holder);
            }

            var holderPath = Path.Combine(folder, RunFiles.Holder);
            AtomicFile.WriteText(holderPath, DescribeSelf().ToJsonString());
            return new RunLock(stream, holderPath);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Whether a process holds the lock of a folder now.</summary>
    public static bool IsHeld(string folder) =>
        IsLocked(Path.Combine(folder, RunFiles.Lock)) || (ReadHolder(folder) is { } holder && IsAlive(holder));

    public void Dispose()
    {
        try
        {
            File.Delete(_holderPath);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It only serves messages; the lock itself goes with the handle.
        }

        _stream.Dispose();
    }

    private static bool IsLocked(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            return true; // an exclusive lock refuses the shared one
        }
    }

    private static JsonObject DescribeSelf()
    {
        using var self = Process.GetCurrentProcess();
        return new JsonObject
        {
            ["process"] = Environment.ProcessId,
            ["machine"] = Environment.MachineName,
            ["started"] = self.StartTime.ToUniversalTime().ToString("O"),
        };
    }

    private static JsonObject? ReadHolder(string folder)
    {
        var path = Path.Combine(folder, RunFiles.Holder);
        try
        {
            return File.Exists(path) ? JsonFiles.ReadObject(path) : null;
        }
        catch (InputException)
        {
            return null; // gone meanwhile, or damaged: the lock alone decides then
        }
    }

    private static bool IsAlive(JsonObject holder)
    {
        if (ReadText(holder, "machine") != Environment.MachineName || holder["process"] is not JsonValue number
            || !number.TryGetValue<int>(out var id) || id == Environment.ProcessId
            || !DateTime.TryParse(ReadText(holder, "started"), null, DateTimeStyles.RoundtripKind, out var started))
        {
            return false;
        }

        try
        {
            using var process = Process.GetProcessById(id);
            return (process.StartTime.ToUniversalTime() - started).Duration() < StartTolerance;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static string? ReadText(JsonObject holder, string key) =>
        holder[key] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static InputException Held(string folder, JsonObject? holder)
    {
        var who = holder is null ? "another process" : $"process {holder["process"]} on {holder["machine"]}";
        return new InputException($"{folder}: is in use by {who}. Wait for it to end, stop it, or use another folder.");
    }
}
