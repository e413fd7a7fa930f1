using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Aigc2d.Gateway.Bodies;
using Aigc2d.Gateway.Tests.Stands;
using Aigc2d.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc2d.Gateway.Tests.Abuses;

/// <summary>Bodies that are too much: too long, too many parts, or more than they look like.</summary>
public sealed class SizeTests
{
    private const int TooManyBytes = 33 * 1024 * 1024;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bodies_above_32_MB_are_413_on_every_route_and_hold_nothing(bool tellsItsLength)
    {
        await using var edge = await Edge.StartAsync();
        var customer = edge.Customer();
        var body = new byte[TooManyBytes];
        Array.Fill(body, (byte)' ');
        foreach (var path in PublicPath.OfDialects(edge))
        {
            using HttpContent content = tellsItsLength ? new ByteArrayContent(body) : new PushContent(body);
            content.Headers.ContentType = new("application/json");
            using var answer = await edge.SendAsync(path.Method, path.Path, customer.Key, content);
            await answer.AssertErrorOfAsync(path, 413);
        }

        edge.AssertNobodyWasAsked();
        await Eventually.True(() => edge.Services.GetRequiredService<BodyBudget>().TakenBytes == 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bodies_above_32_MB_are_413_on_self_service_routes_too(bool tellsItsLength)
    {
        await using var edge = await Edge.StartAsync();
        var customer = edge.Customer();
        var body = new byte[TooManyBytes];
        foreach (var path in PublicPath.Of(edge).Where(path => path.TakesBody && !path.IsOfDialect))
        {
            using HttpContent content = tellsItsLength ? new ByteArrayContent(body) : new PushContent(body);
            content.Headers.ContentType = new("application/json");
            using var answer = await edge.SendAsync(path.Method, path.Path, customer.Key, content);
            await answer.AssertErrorOfAsync(path, 413);
        }
    }

    [Fact]
    public async Task A_million_of_anything_is_refused_at_the_first_one_too_many()
    {
        await using var edge = await Edge.StartAsync();
        var customer = edge.Customer();
        foreach (var path in PublicPath.OfDialects(edge))
        {
            var form = BodyForm.Of(path.Path);
            foreach (var (name, _) in form.Members.Where(member => member.Types.Contains('a', StringComparison.Ordinal)))
            {
                using var content = Edge.Json(form.With(name, Million(ElementOf(name))));
                var started = Stopwatch.GetTimestamp();
                using var answer = await edge.SendAsync(path.Method, path.Path, customer.Key, content);
                await answer.AssertErrorOfAsync(path, 400, name, $"a million {name}");

                // Most of it goes into moving up to 30 MB over a socket; the reading itself takes some 10 ms.
                Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 10);
            }
        }

        edge.AssertNobodyWasAsked();
    }

    [Fact]
    public async Task Half_a_million_values_are_the_most_a_body_may_have_wherever_they_stand()
    {
        await using var edge = await Edge.StartAsync();
        var customer = edge.Customer();
        string[] floods = [Million("{}"), Million("[1,2]"), Million("1"), $"[{string.Join(',', Enumerable.Range(0, 1_000_000).Select(i => $"{{\"{i:x}\":1}}"))}]", "{" + string.Join(',', Enumerable.Range(0, 1_000_000).Select(i => $"\"{i:x}\":1")) + "}"];
        foreach (var path in PublicPath.OfDialects(edge))
        {
            foreach (var flood in floods)
            {
                using var answer = await edge.SendAsync(path.Method, path.Path, customer.Key, Edge.Json(BodyForm.Of(path.Path).With("future", flood)));
                await answer.AssertErrorOfAsync(path, 400, "future", flood[..10]);
            }
        }

        edge.AssertNobodyWasAsked();
    }

    [Fact]
    public async Task An_image_that_claims_65535_by_65535_pixels_is_neither_decoded_nor_estimated_beyond_bounds()
    {
        await using var edge = await Edge.StartAsync();
        var customer = edge.Customer();
        var image = Convert.ToBase64String(PngHead(65_535, 65_535));
        foreach (var path in PublicPath.OfDialects(edge))
        {
            var rich = BodyForm.Of(path.Path).Rich;
            if (!rich.Contains(BodyForm.Image, StringComparison.Ordinal)) continue;

            var before = GC.GetTotalAllocatedBytes();
            using var answer = await edge.SendAsync(path.Method, path.Path, customer.Key, Edge.Json(rich.Replace(BodyForm.Image, image, StringComparison.Ordinal)));
            Assert.True((int)answer.StatusCode < 500, $"{path}: {answer.StatusCode}");

            // Four bytes for each of the pixels would be 17 GB.
            Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 500_000_000);
        }

        Assert.All(edge.Siblings.Billing.Holds, hold => Assert.InRange(hold.InputTokens, 1, 100_000));
    }

    private static string ElementOf(string name) => name switch
    {
        "messages" => """{"role":"user","content":"x"}""",
        "tools" or "functions" => """{"name":"f"}""",
        _ => "\"x\"",
    };

    private static string Million(string element) => new StringBuilder("[", (element.Length + 1) * 1_000_000).Insert(1, element + ",", 1_000_000).Append(element).Append(']').ToString();

    private static byte[] PngHead(int width, int height)
    {
        byte[] head = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R', 0, 0, 0, 0, 0, 0, 0, 0, 8, 6, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(20), height);
        return head;
    }

    /// <summary>A body whose length is not told, so that it goes in chunks.</summary>
    private sealed class PushContent(byte[] body) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) => stream.WriteAsync(body).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
