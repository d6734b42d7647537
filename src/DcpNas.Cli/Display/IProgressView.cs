namespace DcpNas.Cli.Display;

/// <summary>Shows on stderr how far work has come.</summary>
internal interface IProgressView
{
    /// <summary>Runs work on this thread under the view.</summary>
    void Run(string name, Action work);

    /// <summary>Shows a line that stays; from any thread.</summary>
    void Say(string text, Tone tone = Tone.Plain);

    /// <summary>Takes in where the work stands, after each step of it.</summary>
    void Update(IProgressStatus status);

    /// <summary>A moving view where stderr is a terminal, lines where it is not.</summary>
    static IProgressView Create() => Terminal.IsLive ? new LiveView(Terminal.Messages) : new PlainView(Console.Error);
}
