using System.Net;
using System.Net.Sockets;
using DcpNas.Watching;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DcpNas.Cli.Watching;

/// <summary>Serves the page of <c>dcpnas watch</c> to this machine alone.</summary>
/// <remarks>It answers GET, reads files and changes nothing. A request that names another host is refused, so that a web site cannot reach it by a name of its own.</remarks>
internal static class WatchServer
{
    private const string NoCache = "no-store";

    /// <summary>Serves until it is cancelled.</summary>
    /// <param name="folder">What is watched.</param>
    /// <param name="port">Where; 0 for any free one.</param>
    /// <param name="onStart">Is told the address.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="InputException">The port is taken.</exception>
    public static void Run(WatchedFolder folder, int port, Action<string> onStart, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.Listen(IPAddress.Loopback, port);
            server.AddServerHeader = false;
        });
        using var app = builder.Build();
        var page = Page();
        app.Use(async (context, next) =>
        {
            context.Response.Headers.CacheControl = NoCache;
            context.Response.Headers.XContentTypeOptions = "nosniff";
            if (context.Request.Host.Host is not ("127.0.0.1" or "localhost"))
            {
                context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
                return;
            }

            await next(context);
        });
        app.MapGet("/", () => Results.Text(page, "text/html; charset=utf-8"));
        app.MapGet("/runs", () => Results.Text(folder.Read().ToJsonString(), "application/json"));
        app.MapGet("/run", (string path) => folder.Detail(path) is { } detail ? Results.Text(detail.ToJsonString(), "application/json") : Results.NotFound());
        app.MapGet("/files/{**path}", (string path) => folder.PageFile(path) is { } file ? Results.File(file, TypeOf(file)) : Results.NotFound());
        try
        {
            app.StartAsync(cancel).GetAwaiter().GetResult();
        }
        catch (IOException error) when (error.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException || error.GetBaseException() is SocketException)
        {
            throw new InputException($"Port {port} of 127.0.0.1 is in use. Name another one with --port, or 0 for any free one.", error);
        }

        onStart(app.Urls.First());
        cancel.WaitHandle.WaitOne();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        app.StopAsync(patience.Token).GetAwaiter().GetResult();
    }

    private static string TypeOf(string file) => Path.GetExtension(file) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        _ => "text/plain; charset=utf-8",
    };

    private static string Page()
    {
        using var reader = new StreamReader(typeof(WatchServer).Assembly.GetManifestResourceStream("watch.html")!);
        return reader.ReadToEnd();
    }
}
