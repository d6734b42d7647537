using DcpNas.Runs;

namespace DcpNas.Tests.Runs;

public class EventWriterTests
{
    [Fact]
    public void EveryKindOfEvent_ReadIndependently_HasTheRightChecksumsAndValues()
    {
        using var folder = new TemporaryFolder();
        var start = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
        string path;
        using (var writer = new EventWriter(folder["events"]))
        {
            path = writer.FilePath;
            writer.Scalar("loss/train", 0.5, 3);
            writer.Scalar("nan", double.NaN, 1L << 40);
            writer.Histogram("h", [0, 1, 1, 4, double.NaN], 5, bins: 4);
            writer.Histogram("same", [2, 2], 5, bins: 2);
            writer.Text("note", "grün **x**", 6);
            writer.Image("picture", [1, 2, 255], 7, 9, 8);
            writer.FlushToDisk();
        }

        var events = EventReader.Read(path);

        Assert.Equal((0, "version", "brain.Event:2"), (events[0].Step, events[0].Tag, events[0].Value));
        Assert.All(events, e => Assert.InRange(e.WallTime, start - 0.01, start + 60));
        Assert.Equal(
            [
                (3, "loss/train", "0.5"),
                (1L << 40, "nan", "nan"),
                (5, "h", "[0.0, 4.0, 4.0, 6.0, 18.0, 1.0, 2.0, 3.0, 4.0, 1.0, 2.0, 0.0, 1.0]"),
                (5, "same", "[2.0, 2.0, 2.0, 4.0, 8.0, 2.0, 2.0, 2.0, 0.0]"),
                (6, "note", "text 7 grün **x**"),
                (8, "picture", "7x9x3 0102ff"),
            ],
            events.Skip(1).Select(e => (e.Step, e.Tag, e.Value)));
        Assert.Matches(@"/events\.out\.tfevents\.\d{10}\.[^/]+$", path);
    }

    [Fact]
    public void ResumedSession_PurgesFromItsStep_AndSortsAfterTheFirst()
    {
        using var folder = new TemporaryFolder();
        var paths = new List<string>();
        foreach (var (purge, from) in ((long?, int)[])[(null, 0), (2, 2), (3, 3)])
        {
            using var writer = new EventWriter(folder.Path, purge);
            paths.Add(writer.FilePath);
            for (var step = from; step < from + 3; step++)
            {
                writer.Scalar("loss", (100 * from) + step, step);
            }
        }

        Assert.Equal(paths, paths.Order(StringComparer.Ordinal));
        Assert.Equal([(0, "0.0"), (1, "1.0"), (2, "202.0"), (3, "303.0"), (4, "304.0"), (5, "305.0")],
            EventReader.Curve(folder.Path).Select(point => (point.Step, point.Value)));
    }

    [Fact]
    public void Scalar_IsVisibleAtOnce()
    {
        using var folder = new TemporaryFolder();
        using var writer = new EventWriter(folder.Path);
        writer.Scalar("loss", 1, 1);
        Assert.Equal(2, EventReader.Read(writer.FilePath).Count);
    }

    [Fact]
    public void MaskedCrc_KnownAnswer()
    {
        // CRC-32C("123456789") = e3069283 (RFC 3720), rotated right by 15, plus the mask.
        Assert.Equal(unchecked(((0xe3069283u >> 15) | (0xe3069283u << 17)) + 0xa282ead8u), EventWriter.MaskedCrc("123456789"u8));
    }
}
