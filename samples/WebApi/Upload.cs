namespace WebApi;

/// <summary>The file of a request: its body, or the one file of a form.</summary>
internal static class Upload
{
    /// <summary>Reads it.</summary>
    /// <returns>The file, or what is wrong with the request.</returns>
    /// <exception cref="BadHttpRequestException">The body is larger than the server takes (413), or broken off.</exception>
    public static async Task<(byte[] Bytes, string? Problem)> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) != true)
        {
            return (await ReadAsync(request.Body, cancel), null);
        }

        IFormCollection form;
        try
        {
            form = await request.ReadFormAsync(cancel);
        }
        catch (InvalidDataException error)
        {
            return ([], $"The form cannot be read: {error.Message}");
        }

        if (form.Files is not [var file])
        {
            return ([], $"A form must hold one file, got {form.Files.Count}.");
        }

        await using var stream = file.OpenReadStream();
        return (await ReadAsync(stream, cancel), null);
    }

    private static async Task<byte[]> ReadAsync(Stream stream, CancellationToken cancel)
    {
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancel);
        return bytes.ToArray();
    }
}
