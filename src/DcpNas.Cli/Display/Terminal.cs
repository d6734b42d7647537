using System.Text;

namespace DcpNas.Cli.Display;

/// <summary>The two streams: results on stdout, all else on stderr.</summary>
internal static partial class Terminal
{
    /// <summary>Makes that a terminal which is closed takes nothing with it: what is written to it from then on, by whatever thread, is lost. Files and pipes are written to as before.</summary>
    public static void OutliveHangup()
    {
        if (!Console.IsOutputRedirected)
        {
            Console.SetOut(new Writer(Console.Out));
        }

        if (!Console.IsErrorRedirected)
        {
            Console.SetError(new Writer(Console.Error));
        }
    }

    /// <summary>Writes text as it stands to stdout; long lines are left to the terminal.</summary>
    public static void Print(string text) => Console.Out.WriteLine(text);

    /// <summary>Writes to a terminal as long as it is there.</summary>
    private sealed class Writer(TextWriter terminal) : TextWriter
    {
        public override Encoding Encoding => terminal.Encoding;

        public override void Write(ReadOnlySpan<char> buffer)
        {
            try
            {
                terminal.Write(buffer);
            }
            catch (IOException)
            {
                // It is gone (EIO). The signal that says so ends the work in order; an error here would end it at once.
            }
        }

        public override void Write(char value) => Write([value]);

        public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

        public override void Write(string? value) => Write(value.AsSpan());

        public override void WriteLine(string? value) => Write((value + NewLine).AsSpan());
    }
}
