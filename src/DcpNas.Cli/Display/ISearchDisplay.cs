using DcpNas.Search;

namespace DcpNas.Cli.Display;

/// <summary>Shows a search on stderr while it runs.</summary>
internal interface ISearchDisplay : ISearchObserver
{
    /// <summary>Runs the search on this thread under the display.</summary>
    void Run(Action search);

    /// <summary>Shows a line that stays; from any thread.</summary>
    void Say(string text);

    /// <summary>A moving display where stderr is a terminal, lines where it is not.</summary>
    static ISearchDisplay Create() => Terminal.IsLive ? new LiveDisplay(Terminal.Messages) : new PlainDisplay(Console.Error);
}
