using System.IO.Compression;
using System.Text;
using Aigc2d.Gateway.Tests.Stands;

namespace Aigc2d.Gateway.Tests.Abuses;

/// <summary>Bodies that are not JSON in UTF-8 as they come.</summary>
public sealed class ContentTypeTests
{
    [Theory]
    [InlineData("gzip")]
    [InlineData("GZIP")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("identity, gzip")]
    [InlineData("gzip, identity")]
    [InlineData("unheard-of")]
    public async Task A_compressed_body_is_not_unpacked_on_any_route(string encoding)
    {
        await using var edge = await Edge.StartAsync();
        var customer = edge.Customer();
        var bomb = Bomb();
        foreach (var path in PublicPath.OfDialects(edge))
        {
            using var content = new ByteArrayContent(bomb) { Headers = { ContentType = new("application/json") } };
            content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
            using var answer = await edge.SendAsync(path.Method, path.Path, customer.Key, content);
            await answer.AssertErrorOfAsync(path, 415);
        }

        edge.AssertNobodyWasAsked();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("text/plain")]
    [InlineData("text/json")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=iso-8859-1")]
    [InlineData("application/json; charset=\"\"")]
    [InlineData("application/json, text/plain")]
    [InlineData("application/jsonp")]
    [InlineData("application/*")]
    [InlineData("json")]
    [InlineData("application/json;;;")]
    public async Task Another_content_type_or_charset_is_415_on_every_route(string? type)
    {
        await using var edge = await Edge.StartAsync();
        var customer = edge.Customer();
        foreach (var path in PublicPath.OfDialects(edge))
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(BodyForm.Of(path.Path).Least));
            if (type is not null) content.Headers.TryAddWithoutValidation("Content-Type", type);
            using var answer = await edge.SendAsync(path.Method, path.Path, customer.Key, content);
            await answer.AssertErrorOfAsync(path, 415);
        }

        edge.AssertNobodyWasAsked();
    }

    private static byte[] Bomb()
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.SmallestSize)) zip.Write(new byte[50_000_000]);
        return packed.ToArray();
    }
}
