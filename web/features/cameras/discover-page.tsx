export default function DiscoverPage() {
  return null;
}
