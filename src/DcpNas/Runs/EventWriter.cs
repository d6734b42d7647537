using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Google.Protobuf;
using Tensorboard;

namespace DcpNas.Runs;

/// <summary>Writes a TensorBoard events file.</summary>
/// <remarks>
/// <para>Why not TorchSharp's SummaryWriter: it stamps times in .NET ticks, opens the file anew for each event, and cannot tell TensorBoard that a
/// resumed run starts over at a step. The messages themselves are the protobuf classes that TorchSharp carries.</para>
/// <para>Format: records of 8 bytes little-endian length, masked CRC-32C of the length, the message, masked CRC-32C of the message
/// (TensorFlow's record_writer.cc); the mask rotates right by 15 and adds 0xa282ead8.</para>
/// <para>Each event is handed to the system as a whole. A writer never touches the files of earlier sessions.</para>
/// </remarks>
public sealed class EventWriter : IDisposable
{
    private const string Prefix = "events.out.tfevents.";
    private readonly FileStream _stream;

    /// <summary>Starts a new file in a folder.</summary>
    /// <param name="folder">The folder; it is created. TensorBoard shows it as one run.</param>
    /// <param name="purgeStep">Step at which a resumed session starts: TensorBoard then drops what earlier files hold from this step on.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public EventWriter(string folder, long? purgeStep = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        try
        {
            Directory.CreateDirectory(folder);
            var second = Math.Max(DateTimeOffset.UtcNow.ToUnixTimeSeconds(), NewestSecond(folder) + 1);
            FilePath = Path.Combine(folder, $"{Prefix}{second:D10}.{Environment.MachineName}.{Environment.ProcessId}");
            _stream = new FileStream(FilePath, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.CannotWrite(folder, error);
        }

        Write(new Event { FileVersion = "brain.Event:2" });
        if (purgeStep is { } step)
        {
            Write(new Event { Step = step, SessionLog = new SessionLog { Status = SessionLog.Types.SessionStatus.Start } });
        }
    }

    /// <summary>The file.</summary>
    public string FilePath { get; }

    /// <summary>Adds a point to a curve.</summary>
    public void Scalar(string tag, double value, long step) =>
        WriteValue(new Summary.Types.Value { Tag = tag, SimpleValue = (float)value }, step);

    /// <summary>Adds a distribution.</summary>
    /// <param name="tag">Its name.</param>
    /// <param name="values">The sample; values that are not finite are left out.</param>
    /// <param name="step">When.</param>
    /// <param name="bins">Bars of equal width between the smallest and the largest value, at least 1.</param>
    public void Histogram(string tag, IEnumerable<double> values, long step, int bins = 30)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        var sample = values.Where(double.IsFinite).ToArray();
        var histogram = new HistogramProto { Num = sample.Length };
        if (sample.Length > 0)
        {
            double min = sample.Min(), max = sample.Max(), width = (max - min) / bins;
            var counts = new double[bins];
            foreach (var value in sample)
            {
                counts[width > 0 ? Math.Min(bins - 1, (int)((value - min) / width)) : 0]++;
            }

            (histogram.Min, histogram.Max, histogram.Sum, histogram.SumSquares) = (min, max, sample.Sum(), sample.Sum(value => value * value));
            for (var bin = 0; bin < bins; bin++)
            {
                histogram.BucketLimit.Add(bin == bins - 1 ? max : min + (width * (bin + 1)));
                histogram.Bucket.Add(counts[bin]);
            }
        }

        WriteValue(new Summary.Types.Value { Tag = tag, Histo = histogram }, step);
    }

    /// <summary>Adds a text, which TensorBoard shows as Markdown.</summary>
    public void Text(string tag, string text, long step)
    {
        var value = new Summary.Types.Value
        {
            Tag = tag,
            Metadata = new SummaryMetadata { PluginData = new SummaryMetadata.Types.PluginData { PluginName = "text" } },
            Tensor = new TensorProto { Dtype = DataType.DtString, TensorShape = new TensorShapeProto() },
        };
        value.Tensor.StringVal.Add(ByteString.CopyFromUtf8(text));
        WriteValue(value, step);
    }

    /// <summary>Adds a picture.</summary>
    /// <param name="tag">Its name.</param>
    /// <param name="png">An RGB image as PNG.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="step">When.</param>
    public void Image(string tag, ReadOnlySpan<byte> png, int width, int height, long step)
    {
        var image = new Summary.Types.Image { Width = width, Height = height, Colorspace = 3, EncodedImageString = ByteString.CopyFrom(png) };
        WriteValue(new Summary.Types.Value { Tag = tag, Image = image }, step);
    }

    /// <summary>Waits until all events are on the disk.</summary>
    public void FlushToDisk() => RandomAccess.FlushToDisk(_stream.SafeFileHandle);

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();

    /// <summary>CRC-32C of some bytes, masked.</summary>
    internal static uint MaskedCrc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return BitOperations.RotateRight(~crc, 15) + 0xa282ead8u;
    }

    /// <summary>TensorBoard reads the files of a folder by name, so a session started within the second of the one before takes the next.</summary>
    private static long NewestSecond(string folder) =>
        Directory.EnumerateFiles(folder, Prefix + "*")
            .Select(path => Path.GetFileName(path)[Prefix.Length..].Split('.')[0])
            .Select(second => long.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0)
            .DefaultIfEmpty(0).Max();

    private void WriteValue(Summary.Types.Value value, long step)
    {
        var summary = new Summary();
        summary.Value.Add(value);
        Write(new Event { Step = step, Summary = summary });
    }

    private void Write(Event message)
    {
        message.WallTime = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
        var body = message.ToByteArray(); // the generated classes predate writing into a span
        var record = new byte[body.Length + 16];
        BinaryPrimitives.WriteInt64LittleEndian(record, body.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedCrc(record.AsSpan(0, 8)));
        body.CopyTo(record.AsSpan(12));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + body.Length), MaskedCrc(body));
        try
        {
            _stream.Write(record);
        }
        catch (IOException error)
        {
            throw AtomicFile.CannotWrite(FilePath, error);
        }
    }
}
