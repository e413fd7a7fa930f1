using System.Diagnostics;
using System.Text;
using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.ServiceDefaults.Tests.Tokens;

public sealed class InlineImageTests
{
    private static readonly byte[] Gif = [.. "GIF89a"u8, 128, 2, 224, 1, .. new byte[90]];

    [Fact]
    public void An_image_is_read_from_its_base64_and_from_its_data_url_however_they_are_escaped()
    {
        var base64 = Convert.ToBase64String(Gif);
        foreach (var spelt in new[] { base64, base64.Replace("/", "\\/", StringComparison.Ordinal), string.Concat(base64.Select(c => $"\\u{(int)c:x4}")) })
        {
            Assert.Equal(new ImageSize(640, 480), InlineImage.SizeOfBase64(Encoding.UTF8.GetBytes(spelt)));
            Assert.Equal(new ImageSize(640, 480), InlineImage.SizeOfDataUrl(Encoding.UTF8.GetBytes("data:image/gif;base64," + spelt)));
        }
    }

    [Fact]
    public void A_photographs_size_may_stand_far_behind_the_beginning()
    {
        byte[] data = [0xFF, 0xE1, 0xFF, 0xFF, .. new byte[65_533]];
        byte[] photograph = [0xFF, 0xD8, .. data, .. data, 0xFF, 0xC0, 0, 17, 8, 1, 224, 2, 128, 3];
        Assert.Equal(new ImageSize(640, 480), InlineImage.SizeOfBase64(Encoding.UTF8.GetBytes(Convert.ToBase64String(photograph))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("https://example.com/a.png")]
    [InlineData("data:image/gif;base64")]
    [InlineData("data:image/gif;base64,")]
    [InlineData("data:image/gif;base64,\\")]
    [InlineData("data:image/gif;base64,\\u00")]
    [InlineData("data:image/gif;base64,\\u4e00R0lG")]
    [InlineData("data:image/gif;base64,????")]
    public void Whatever_does_not_tell_a_size_has_none(string url) => Assert.Null(InlineImage.SizeOfDataUrl(Encoding.UTF8.GetBytes(url)));

    [Fact]
    public void Megabytes_of_escapes_are_not_read_to_the_end()
    {
        var url = Encoding.UTF8.GetBytes("data:image/png;base64," + string.Concat(Enumerable.Repeat("\\/", 8_000_000)));
        var startedAt = Stopwatch.GetTimestamp();
        Assert.Null(InlineImage.SizeOfDataUrl(url));

        // A few milliseconds; unescaping all of it would take most of a second.
        Assert.InRange(Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds, 0, 300);
    }
}
