using System.Net;
using System.Net.Sockets;

namespace DcpNas.Tests.Data;

/// <summary>Serves files on 127.0.0.1, with the faults that a test asks for.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _loop;

    public LoopbackServer()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
        probe.Stop();
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _loop = Task.Run(ServeAsync);
    }

    public Uri Address { get; }

    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>The first so many answers break off after half of what they should send.</summary>
    public int AnswersToCut { get; set; }

    /// <summary>Answers that are cut stay open instead of breaking off, until the server ends.</summary>
    public bool Stall { get; set; }

    public bool IgnoreRange { get; set; }

    /// <summary>"FILE from BYTE" for each request.</summary>
    public List<string> Requests { get; } = [];

    public void Dispose()
    {
        _listener.Close();
        _loop.Wait();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            try
            {
                Answer(context);
            }
            catch (HttpListenerException)
            {
                // The client went away.
            }
        }
    }

    private void Answer(HttpListenerContext context)
    {
        var name = context.Request.Url!.AbsolutePath[1..];
        var range = context.Request.Headers["Range"];
        var from = range is null || IgnoreRange ? 0 : int.Parse(range.AsSpan("bytes=".Length).TrimEnd('-'));
        Requests.Add($"{name} from {from}");
        var response = context.Response;
        if (!Files.TryGetValue(name, out var content))
        {
            response.StatusCode = 404;
            response.Close();
            return;
        }

        if (from >= content.Length && from > 0)
        {
            response.StatusCode = 416;
            response.Close();
            return;
        }

        if (from > 0)
        {
            response.StatusCode = 206;
            response.Headers["Content-Range"] = $"bytes {from}-{content.Length - 1}/{content.Length}";
        }

        response.ContentLength64 = content.Length - from;
        if (AnswersToCut-- > 0)
        {
            response.OutputStream.Write(content, from, (content.Length - from) / 2);
            response.OutputStream.Flush();
            if (!Stall)
            {
                response.Abort();
            }

            return;
        }

        response.OutputStream.Write(content, from, content.Length - from);
        response.Close();
    }
}
